import os, subprocess, pytest
from tests import world as w
from tests.api.conftest import new_token
from portal.core.accounts.roles import Scope
from portal.core.findings.reconcile import reconcile
from portal.registry import INSPECTIONS
@pytest.mark.django_db(transaction=True)
def test_st(live_server):
    world = w.build()
    reconcile(inspection=INSPECTIONS["staffing"], on=world.today, by=None)
    secret = new_token(getattr(world.users, os.environ.get("ST_USER","city")), *Scope)
    out = subprocess.run([".venv/bin/st","run",live_server.url+"/api/v1/schema/","-H",f"Authorization: Bearer {secret}","--checks","all","--max-examples",os.environ.get("N","20"), *os.environ.get("ST_ARGS","").split()], capture_output=True, text=True)
    open("/tmp/st.out","w").write(out.stdout+out.stderr)
    print(out.stdout[-200:])
