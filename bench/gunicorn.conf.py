"""The server of the HTTP benchmark: the same for the portal and for the bare application."""

preload_app = True
control_socket_disable = True
workers = 2
threads = 4
loglevel = "error"
