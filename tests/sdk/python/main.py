import sys

import suite

import applications  # noqa: F401
import complete  # noqa: F401
import authorization  # noqa: F401
import directory  # noqa: F401
import oauth  # noqa: F401
import project  # noqa: F401
import sessions  # noqa: F401
import sign_in  # noqa: F401
import users  # noqa: F401

sys.exit(suite.run())
