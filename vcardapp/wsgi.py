"""The app as a server loads it, made inside the process that answers; jobs run beside it on threads."""

from vcardapp import create_app, jobs
from vcardapp.config import read_settings
from vcardapp.operations import logs, metrics

settings = read_settings()
logs.configure(settings.log_format)
app = create_app(settings)
jobs.start(app)
metrics.start(app)
