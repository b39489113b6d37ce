# The bot with the locked versions, as user 10001; its root may be read-only.
# The home /srv/nhacviec takes plan_tasks.yaml and config/ (mount them) and data/ (a volume).

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/nhacviec
COPY requirements.txt /build/
RUN /opt/nhacviec/bin/pip install --require-hashes -r /build/requirements.txt
COPY LICENSE /opt/nhacviec/
COPY bot /opt/nhacviec/lib/python3.11/site-packages/bot
# What `pip install` would write of [project.scripts], without a build tool in the image; bytecode now, for the root is read-only later.
RUN printf '#!/opt/nhacviec/bin/python\nimport sys\nfrom bot.cli import main\nsys.exit(main())\n' > /opt/nhacviec/bin/nhacviec \
 && chmod 755 /opt/nhacviec/bin/nhacviec \
 && /opt/nhacviec/bin/python -m compileall -q /opt/nhacviec/lib/python3.11/site-packages/bot

FROM python:3.11-slim
ENV PATH=/opt/nhacviec/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
COPY --from=build /opt/nhacviec /opt/nhacviec
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin nhacviec \
 && install -d -o nhacviec -g nhacviec -m 0700 /srv/nhacviec/data
USER 10001:10001
WORKDIR /srv/nhacviec
VOLUME /srv/nhacviec/data
# Inside the container every address is ours; what is published outside is the host's decision.
ENV BOT_WEB__HOST=0.0.0.0 BOT_WEB__PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f\"http://127.0.0.1:{os.environ['BOT_WEB__PORT']}/healthz\", timeout=4)"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["nhacviec"]
CMD ["run", "--home", "/srv/nhacviec"]
