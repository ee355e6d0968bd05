from workforce.forms.acts import EndForm, RevealForm
from workforce.forms.listing import RosterFilter, Status
from workforce.forms.records import LeaveForm
from workforce.forms.worker import ChangeForm, PostForm, WorkerForm

__all__ = ["ChangeForm", "EndForm", "LeaveForm", "PostForm", "RevealForm", "RosterFilter", "Status", "WorkerForm"]
