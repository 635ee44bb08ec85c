"""How many examples property tests try: few in the normal run, many in the long one, however busy the machine is."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.cases import FULL

some = settings(max_examples=2000 if FULL else 50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
