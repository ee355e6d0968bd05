from workforce.forms.acts import EndForm, RevealForm
from workforce.forms.correction import ChangeForm
from workforce.forms.listing import RosterFilter, Status
from workforce.forms.records import LeaveForm
from workforce.forms.worker import PostForm, WorkerForm

__all__ = ["ChangeForm", "EndForm", "LeaveForm", "PostForm", "RevealForm", "RosterFilter", "Status", "WorkerForm"]
