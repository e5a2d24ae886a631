"""Shows judgements to people: the verdict, each sentence with its cues, and why."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from crawler.checking import Checked
from crawler.terminal import shown
from extract.claim import Claim
from state.finding import Finding, RecordReference, Severity

STYLES: dict[str, str] = {"high": "bold red", "medium": "yellow", "low": "cyan", "none": "dim"}
_CUES = {"law": "bold blue", "end_state": "bold red", "negation": "bold green"}
_OTHER_CUE = "magenta"


def show_checked(console: Console, checked: Checked) -> None:
    """Prints one checked document."""
    console.print(_head(checked))
    for claim in checked.reading.claims:
        console.print(_claim_line(claim))
        console.print(Text(f"      {claim_why(claim)}", style="dim"))
    for finding in checked.judgement.findings:
        show_finding(console, finding)


def _head(checked: Checked) -> Text:
    judgement, article = checked.judgement, checked.article
    head = Text()
    head.append(judgement.verdict.upper(), style=STYLES[judgement.severity] + " bold")
    head.append(f"  {shown(article.title or checked.id)}")
    about = [shown(checked.id)] if article.title else []
    about.append(article.published.isoformat() if article.published else "no date")
    about.append(checked.reading.lang or article.lang or "language unknown")
    head.append(f"  ({', '.join(about)})", style="dim")
    if judgement.reason:
        head.append(f"  {shown(judgement.reason)}")
    return head


def _claim_line(claim: Claim) -> Text:
    line = Text("   headline: " if claim.in_title else "   ")
    return line.append_text(coloured_sentence(claim))


def coloured_sentence(claim: Claim) -> Text:
    """The sentence with its cues coloured."""
    text = Text()
    position = claim.start
    for cue in sorted(claim.cues, key=lambda cue: (cue.start, -cue.end)):
        if cue.start < position or cue.end > claim.end:
            continue
        text.append(_part(claim, position, cue.start))
        text.append(_part(claim, cue.start, cue.end), style=_CUES.get(cue.kind, _OTHER_CUE))
        position = cue.end
    text.append(_part(claim, position, claim.end))
    return text


def _part(claim: Claim, start: int, end: int) -> str:
    part = claim.sentence[start - claim.start : end - claim.start]
    inner = shown(part)
    # Folding blanks must not glue a cue to its neighbour.
    left = " " if part[:1].isspace() else ""
    right = " " if part[-1:].isspace() and inner else ""
    return f"{left}{inner}{right}"


def claim_why(claim: Claim) -> str:
    """One line that says how a claim was understood, and by which words."""
    cues = ", ".join(f"{cue.kind} “{shown(cue.text)}”" for cue in claim.cues)
    read = f"{claim.end_state}, {claim.modality}, in {_VOICES[claim.voice]}"
    return f"read as: {read}" + (f"; by {cues}" if cues else "")


_VOICES = {"own": "the outlet's own voice", "quoted": "a quotation", "reported": "a report"}


def show_finding(console: Console, finding: Finding) -> None:
    """Prints one finding with the entry of the record that it contradicts."""
    line = Text("   why: ", style="bold")
    line.append(shown(finding.message), style=STYLES[finding.severity])
    line.append(f"  [{finding.rule}, {finding.severity}]", style="dim")
    console.print(line)
    console.print(Text(f"   record: {record_line(finding.record)}"))


def record_line(record: RecordReference) -> str:
    """One line that names the entry of the record."""
    parts = [record.status + (f" on {record.as_of}" if record.as_of else "")]
    parts += [shown(part) for part in (record.event, record.citation, record.url) if part]
    return "; ".join(parts)


def severity_text(severity: Severity) -> Text:
    """A severity in its colour."""
    return Text(severity, style=STYLES[severity])
