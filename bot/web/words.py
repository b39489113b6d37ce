"""Every sentence that the server itself says on the page or to an operator."""

from http import HTTPStatus

FOREIGN_HOST = "Địa chỉ truy cập không nằm trong danh sách được phép (web.names)."
FOREIGN_PAGE = "Yêu cầu đến từ trang khác nên không được thực hiện. Đề nghị mở lại trang này."
BAD_SHAPE = "Không đọc được nội dung gửi lên. Đề nghị tải lại trang."
TOO_LONG = "Nội dung quá dài (tối đa {limit} ký tự). Đề nghị rút gọn hoặc gửi tệp."
TOO_LARGE = "Tệp lớn hơn {limit} MB nên không nhận được."
EMPTY_FILE = "Tệp rỗng nên không nhận được."
TOO_FAST = "Gửi quá nhanh. Đề nghị thử lại sau ít giây."
NO_PHONE = "Không có hộp thoại này."
NO_FILE = "Không có tệp này."
JOIN_FIRST = "Chỉ nhận tệp sau khi đã liên kết. Đề nghị nhập mã liên kết trước."
STARTING = "Hệ thống đang khởi động. Đề nghị gửi lại sau ít giây."
CLOCK_FIXED = "Đồng hồ này là giờ thật nên không chỉnh được."
TOO_MANY_PAGES = "Đang có quá nhiều trang mở. Đề nghị đóng bớt."
CATALOGUE_TOO_LARGE = (
    "Tệp lớn hơn 1 MB nên không sửa được trên trang. Đề nghị sửa bằng trình soạn thảo văn bản, rồi chạy nhacviec apply."
)
CATALOGUE_WRONG = "Còn chỗ sai nên chưa áp dụng. Đề nghị sửa các chỗ được chỉ ra."
CATALOGUE_OVERTAKEN = "Trong lúc đó một bản khác vừa được áp dụng, nên chưa làm gì. Đề nghị xem lại tác động."
CATALOGUE_BRAKED = "Thay đổi lớn nên chưa áp dụng. Đề nghị xem lại tác động, rồi xác nhận thêm một lần."
CATALOGUE_APPLIED = "Đã áp dụng. Bản số {revision} đang chạy."
CATALOGUE_LETTERS = " {count} người được báo thay đổi hạn ngay bây giờ."
CATALOGUE_LETTERS_LATER = " {count} người sẽ được báo thay đổi hạn từ {at}."
DEMO_ADDRESS = (
    "Chế độ trình diễn không có mật khẩu nên chỉ chạy trên 127.0.0.1; địa chỉ {address} bị từ chối. "
    "Để dùng thật: nhacviec run."
)

BY_STATUS = {
    HTTPStatus.NOT_FOUND: "Không có trang này.",
    HTTPStatus.METHOD_NOT_ALLOWED: "Cách gọi này không được hỗ trợ.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Nội dung gửi lên quá lớn.",
}
FAILED = "Hệ thống chưa thực hiện được. Đề nghị thử lại sau ít phút."
