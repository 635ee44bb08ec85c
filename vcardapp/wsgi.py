"""The app as a server loads it, made inside the process that answers; jobs run beside it on threads."""

from vcardapp import create_app, jobs

app = create_app()
jobs.start(app)
