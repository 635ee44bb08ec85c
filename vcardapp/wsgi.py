"""The app as a server loads it, made inside the process that answers; jobs run beside it on threads."""

import logging

from vcardapp import create_app, jobs

logging.basicConfig(format="%(message)s")
logging.getLogger("vcardapp").setLevel(logging.INFO)  # on a laptop the links of mails that nobody sends are read here
app = create_app()
jobs.start(app)
