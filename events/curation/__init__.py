"""What a curator may do. Each act checks permission, is logged, and can be undone.

An act is also a constraint on the machine (events/recording/): fields that a person set keep
their value, mentions that a person placed stay, and what was judged is not deleted.
"""

from events.curation.history import go_back_to, undo_act, undo_acts
from events.curation.judging import (
    ChangedMeanwhile,
    approve_event,
    comment,
    edit_event,
    mark_contradicted,
    reject_event,
    turn_down,
)
from events.curation.log import may_curate, standing
from events.curation.names import is_taken, rename, unite
from events.curation.placing import (
    attach_mention,
    create_event,
    merge_events,
    redate_dispatch,
    split_event,
)
from events.curation.telling import add_to_story, create_story, save_story
from events.curation.values import checked, value
from events.curation.withholding import (
    concerned,
    withdraw_dispatch,
    withdraw_event,
    withhold_name,
)

__all__ = [
    "ChangedMeanwhile",
    "add_to_story",
    "approve_event",
    "attach_mention",
    "checked",
    "comment",
    "concerned",
    "create_event",
    "create_story",
    "edit_event",
    "go_back_to",
    "is_taken",
    "mark_contradicted",
    "may_curate",
    "merge_events",
    "redate_dispatch",
    "reject_event",
    "rename",
    "save_story",
    "split_event",
    "standing",
    "turn_down",
    "undo_act",
    "undo_acts",
    "unite",
    "value",
    "withdraw_dispatch",
    "withdraw_event",
    "withhold_name",
]
