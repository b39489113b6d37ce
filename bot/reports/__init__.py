"""Pictures and files of a week's figures. Import a module when it is needed: each pulls in its own library."""
