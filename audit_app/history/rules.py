"""The catalogue of deeds: what each must say, and the sentence it becomes. The only place with their words."""

import re
from collections.abc import Mapping
from typing import Any

# A sentence names its facts in braces; those are exactly the facts the event must carry.
# {actor} and {subject} are always there. Facts never hold a level, a vote, evidence or anything about who a child is:
# where a reason about a case could, history says that there is one, and it stands with the thing itself.
EVENTS: dict[str, str] = {
    # accounts
    "partnership_created": "{actor} created the partnership",
    "settings_changed": "{actor} changed the partnership's settings: {fields}",
    "words_changed": "{actor} changed the partnership's words. {words}",
    "agency_added": "{actor} added the agency {subject}",
    "agency_changed": "{actor} changed the agency {subject}: {fields}",
    "delegated_partner_added": "{actor} added the delegated partner {subject}",
    "delegated_partner_changed": "{actor} changed the delegated partner {subject}: {fields}",
    "route_contact_changed": "{actor} changed whom to tell by another route, or by when: {route}",
    "body_added": "{actor} added the body {subject}",
    "body_changed": "{actor} changed the body {subject}",
    "area_added": "{actor} added the area {subject}",
    "area_changed": "{actor} changed the area {subject}",
    "place_ended": "{actor} ended {subject}: it is no longer offered",
    "place_brought_back": "{actor} brought {subject} back",
    "person_invited": "{actor} invited {subject} as {roles}",
    "invitation_renewed": "{actor} sent {subject} a new invitation",
    "invitation_accepted": "{subject} accepted the invitation and set a password",
    "role_given": "{actor} gave {subject} the role {role}",
    "role_ended": "{actor} ended {subject}'s role {role}",
    "person_ended": "{actor} ended all roles of {subject}",
    "signed_in": "{subject} signed in",
    "sign_in_failed": "Someone failed {times} times to sign in as {subject}",
    "password_reset": "{subject} set a new password",
    # messages
    "message_read": "{actor} read a message that was kept: {subject}",
    "message_retried": "{actor} sent a message again: {subject}",
    # indicators
    "template_copied": "{actor} began {subject} as a copy of {source}",
    "template_loaded": "{actor} began {subject} from a file",
    "template_replaced": "{actor} replaced the draft {subject} with what a file says",
    "template_version_started": "{actor} began {subject}",
    "template_changed": "{actor} changed the draft {subject}: {fields}",
    "template_domain_added": "{actor} added the domain {domain} to {subject}",
    "template_domain_renamed": "{actor} renamed a domain of {subject} to {domain}",
    "template_domain_moved": "{actor} moved the domain {domain} of {subject} up or down",
    "template_domain_removed": "{actor} removed the domain {domain} from {subject}",
    "template_indicator_added": "{actor} added {indicator} to {subject}",
    "template_indicator_changed": "{actor} changed {indicator} in {subject}",
    "template_indicator_moved": "{actor} moved {indicator} in {subject}",
    "template_indicator_removed": "{actor} removed {indicator} from {subject}",
    "template_published": "{actor} published {subject}",
    "template_discarded": "{actor} discarded the draft {subject}",
    # rounds
    "round_created": "{actor} began planning {subject}",
    "round_changed": "{actor} changed the plan of {subject}: {fields}",
    "round_opened": "{actor} opened {subject} for sampling; the template {template} was frozen",
    "round_moved": "{subject} moved from {from_state} to {to_state}",
    "round_published": "{actor} published {subject}",
    "round_withdrawn": "{actor} withdrew {subject}: {reason}",
    # sampling
    "population_read": "{actor} read a population file of {rows} rows",
    "population_discarded": "{actor} set the population file aside",
    "population_confirmed": "{actor} confirmed a population of {children} children, {neglect} of them for neglect",
    "sample_drawn": "{actor} drew {size} children and {reserves} reserves with the seed {seed}",
    "sample_confirmed": "{actor} confirmed the sample of {size} children",
    "sample_discarded": "{actor} set the drawn sample aside, with a reason",
    # cases
    "summary_written": "{actor} wrote the summary of {subject} for the panel",
    "case_withdrawn": "{actor} withdrew the child of {subject}, with a reason",
    "case_replaced": "{subject} took the place of {withdrawn}",
    "identity_sheet_saved": "{actor} completed the identity sheet of {subject}",
    "identity_sheet_incomplete": "{actor} saved the identity sheet of {subject} without all details, with a reason",
    "identity_opened": "{actor} opened the identity sheet of {subject} to complete it",
    "identity_released": "{actor} released the identity sheet of {subject} to {agency}",
    "identity_looked_up": "{actor} looked at the identity sheet of {subject} for {agency}: {reason}",
    "file_number_noted": "{actor} noted {agency}'s own file number with the identity sheet of {subject}",
    "identities_destroyed": "{actor} destroyed the identities of {children} undrawn children of {subject}",
    "concern_raised": "{actor} raised an immediate concern about {subject}",
    "concern_updated": "{actor} added to the immediate concern about {subject}",
    "concern_acknowledged": "{actor} acknowledged the immediate concern about {subject}",
    "concern_escalated": "{actor} passed the immediate concern about {subject} on to the delegated partners",
    "concern_holder_chosen": "{actor} said that {agency} holds the case of the immediate concern about {subject}",
    "concern_outcome_recorded": "{actor} recorded the outcome of the immediate concern about {subject}",
    "concern_reopened": "{actor} did not agree with the outcome of the immediate concern about {subject}",
    "concern_closed": "{actor} agreed with the outcome of the immediate concern about {subject}, and closed it",
    "identity_opened_for_concern": "{actor} opened the identity sheet of {subject} for an immediate concern",
    "passed_on": "{actor} recorded that something was passed on by another route",
    # returns
    "return_assigned": "{actor} asked {auditor} for the return of {subject}",
    "cases_sent": "{actor} sent {cases} of {subject} to {agencies}",
    "return_known": "{actor} answered in the return {subject} whether the child is known: {known}",
    "file_confirmed": "{actor} confirmed in the return {subject} that the right file is open",
    "ratings_saved": "{actor} saved ratings in the return {subject}",
    "attributes_saved": "{actor} recorded in the return {subject} what is known about the child",
    "return_summary_saved": "{actor} saved the overall words of the return {subject}",
    "chronology_saved": "{actor} saved events in the chronology of the return {subject}",
    "chronology_pasted": "{actor} added {events} events to the chronology of the return {subject}",
    "chronology_event_removed": "{actor} removed an event from the chronology of the return {subject}",
    "voices_saved": "{actor} recorded in the return {subject} who was asked for their voice",
    "voice_withdrawn": "{actor} withdrew a voice of the return {subject}; its words were destroyed",
    "voice_fed_back": "{actor} recorded in the return {subject} what was fed back to somebody who was asked",
    "return_submitted": "{actor} submitted the return {subject}",
    "return_sent_back": "{actor} sent the return {subject} back, with a reason",
    "return_asked_again": "{actor} asked again in the return {subject} whether the child is known, with a reason",
    "return_accepted": "{actor} accepted the return {subject}",
    "return_closed": "{actor} closed the return {subject} without an answer, with a reason",
    "discussion_saved": "{actor} recorded the reflective discussion in the return {subject}",
    "practitioner_named": "{actor} named who may read the return {subject}: {part}",
    "practitioner_ended": "{actor} took away who may read the return {subject}: {part}",
    "practitioner_answered": "{actor} answered the return {subject} about their own work",
    "feedback_recorded": "{actor} recorded feedback to those who did the work on the return {subject}, {occasion}",
    "return_unassigned": "{actor} left the return {subject} to whoever audits for its agency",
    "return_extended": "{actor} moved the day on which the return {subject} is due from {from_day} to {to_day}, "
    "with a reason",
    "returns_reminded": "{actor} reminded {people} of the returns that are owed to {subject}",
    "return_downloaded": "{actor} downloaded the return {subject} as a spreadsheet",
    "return_downloaded_for_agency": "{actor} downloaded the return {subject} as a spreadsheet to send it to {agency}",
    "return_file_read": "{actor} chose a filled spreadsheet for the return {subject}",
    "return_file_discarded": "{actor} set the spreadsheet for the return {subject} aside",
    "return_loaded": "{actor} loaded a spreadsheet into the return {subject}: {answers}",
    "return_loaded_for_agency": (
        "{actor} loaded a spreadsheet into the return {subject} on behalf of {agency}: {answers}"
    ),
    "return_submitted_for_agency": "{actor} submitted the return {subject} on behalf of {agency}",
    "return_printed": "{actor} printed the return {subject}",
    "return_form_printed": "{actor} printed the empty form of the return {subject}",
    # panels
    "panel_planned": "{actor} planned the panel {subject}",
    "panel_changed": "{actor} changed the panel {subject}: {fields}",
    "attendance_recorded": "{actor} recorded who came to the {subject}",
    "said_here": "{actor} said that they are at the {subject}",
    "conflict_marked": "{actor} marked that {subject} has a conflict of interest in {case}, with a reason",
    "conflict_unmarked": "{actor} took the mark away that {subject} has a conflict of interest in {case}",
    "own_rating_taken_out": "{actor} changed who rates {case}: a rating of {indicator} by {subject} that was not shown "
    "yet was taken out",
    "case_released": "{actor} released {subject} to the panel",
    "room_opened": "{actor} opened the room of the {subject}, and confirmed that nobody was recording",
    "room_closed": "{actor} closed the room of the {subject}",
    "case_opened": "{actor} opened {subject} in the room of its panel",
    "rest_shown": "{actor} showed the ratings of {subject} that are confirmed together",
    "point_parked": "{actor} put a point aside in the {subject}",
    "point_taken": "{actor} noted where a point of the {subject} was taken",
    "rating_asked": "{actor} asked the panel to rate {indicator} of {subject}",
    "rating_asked_again": "{actor} asked the panel to rate {indicator} of {subject} again",
    "ratings_shown": "{actor} showed the ratings of {indicator} of {subject}",
    "item_pulled_out": "{actor} asked to talk about {indicator} of {subject}",
    "item_reopened": "{actor} reopened {indicator} of {subject}, with a reason",
    "rating_agreed": "{actor} recorded the agreed rating of {indicator} for {subject}",
    "rating_reopened": "{actor} changed the agreed rating of {indicator} for {subject}, with a reason",
    "outcome_saved": "{actor} wrote what the panel says of {subject}",
    "case_agreed": "{actor} finished {subject}",
    "case_action_raised": "{actor} raised an {subject} for {agency}",
    "case_action_done": "{actor} recorded what came of the {subject}",
    "case_action_sent_back": "{actor} sent the {subject} back, with a reason",
    "case_action_due_changed": "{actor} moved the day on which the {subject} is due from {from_day} to {to_day}, "
    "with a reason",
    "case_action_withdrawn": "{actor} withdrew the {subject}, with a reason",
    "case_action_left_open": "{actor} left the {subject} open when the round was closed, with a reason",
    "case_actions_reminded": "{actor} reminded {people} of actions about children of {subject}",
    "round_closed": "{actor} closed {subject}",
    "practice_case_set": "{actor} set the practice case {subject}",
    "practice_case_changed": "{actor} changed the practice case {subject}",
    "practice_case_scored": "{actor} scored the practice case {subject}",
    "practice_case_closed": "{actor} closed the practice case {subject}",
    "pack_printed": "{actor} took the pack of {subject} as a PDF",
    "ratings_downloaded": "{actor} downloaded the ratings of {subject} as a spreadsheet",
    "ratings_loaded": "{actor} loaded a spreadsheet of agreed ratings into {subject}: {ratings}",
    "reader_named": "{actor} named who reads all cases of {subject} side by side with the chair",
    "change_proposed": "{actor} proposed to change the agreed rating of {indicator} for {subject}, with a reason",
    "change_declined": "{actor} did not confirm a change of the agreed rating of {indicator} for {subject}",
    "change_taken_back": "{actor} took back a change of the agreed rating of {indicator} for {subject}",
    "rating_moderated": "{actor} confirmed a change of the agreed rating of {indicator} for {subject}, "
    "so that cases are rated alike",
    "moderation_read": "{actor} has read all cases of {subject} side by side, and changes nothing more",
    "check_begun": "Agencies were asked to check the facts of {subject} by {day}",
    "correction_asked": "{actor} asked for {agency} to correct a fact in what was agreed on {subject}",
    "nothing_to_correct": "{actor} said for {agency} that nothing more is to be corrected in {subject}",
    "correction_decided": "{actor} decided what {agency} asked to correct on {subject}: {decision}",
    "rating_corrected": "{actor} corrected the agreed rating of {indicator} for {subject}, with a reason",
    "check_extended": "{actor} moved the day by which agencies check the facts of {subject} "
    "from {from_day} to {to_day}, with a reason",
    "question_answered": "{actor} answered the panel's question on {subject} for {agency}",
    "answer_changed": "{actor} changed the answer to the panel's question on {subject} for {agency}",
    # findings
    "finding_written": "{actor} wrote the finding “{subject}”",
    "finding_changed": "{actor} changed the finding “{subject}”",
    "finding_moved": "{actor} moved the finding “{subject}” up or down",
    "finding_removed": "{actor} removed the finding “{subject}”: {reason}",
    # actions
    "action_proposed": "{actor} proposed the action “{subject}” for {agency}",
    "action_opened": "{actor} opened the action “{subject}”",
    "action_changed": "{actor} changed the action “{subject}”: {fields}",
    "action_due_changed": "{actor} moved the due date of “{subject}” from {from_day} to {to_day}: {reason}",
    "progress_posted": "{actor} posted progress on “{subject}”",
    "action_done": "{actor} reported “{subject}” as done",
    "action_sent_back": "{actor} sent “{subject}” back: {reason}",
    "action_signed_off": "{actor} signed off “{subject}”",
    "action_withdrawn": "{actor} withdrew the action “{subject}”: {reason}",
    # exports
    "workbook_downloaded": "{actor} downloaded the workbook of {subject}",
    "everything_downloaded": "{actor} downloaded the workbook of every round",
}

_ALWAYS = {"actor", "subject"}


def facts_of(event: str) -> set[str]:
    """The names of the facts that `event` must carry.

    Raises:
        KeyError: the event is not in the catalogue.
    """
    return set(re.findall(r"{(\w+)}", EVENTS[event])) - _ALWAYS


def check_facts(event: str, facts: Mapping[str, Any]) -> None:
    """Raise ValueError unless `facts` are exactly those that `event` must carry."""
    needed = facts_of(event)
    if missing := needed - facts.keys():
        raise ValueError(f"{event} must say {', '.join(sorted(missing))}")
    if unknown := facts.keys() - needed:
        raise ValueError(f"{event} knows no {', '.join(sorted(unknown))}")


def sentence(event: str, *, actor: str, subject: str, facts: Mapping[str, Any]) -> str:
    """The deed in words, for a page or a workbook."""
    return EVENTS[event].format(actor=actor, subject=subject, **facts)
