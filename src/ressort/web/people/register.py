"""What the site keeps about people: one entry per model, read by the privacy page and by a test.

A personal field that is not declared here fails the tests.
"""

from django.utils.translation import gettext_lazy as _

from ressort.web.people.processing import Processing

REGISTER = (
    Processing(
        "people.Person",
        ("email", "name", "language", "password", "last_login", "created_at"),
        _("Let people sign in and be recognised"),
        _("mission of public interest of the authority that opened the account"),
        _("until the account is deleted"),
        _("the person, the administrators of the same territories, the operator"),
    ),
    Processing(
        "people.Grant",
        ("person", "granted_by"),
        _("Know who may act for a territory, and who allowed it"),
        _("mission of public interest of the authority that opened the account"),
        _("until the right is withdrawn or the account deleted"),
        _("the people who hold a right on the same territory, the operator"),
    ),
    Processing(
        "people.SignIn",
        ("person", "agent", "at"),
        _("Let people see where they are signed in, and end it"),
        _("legitimate interest in the security of the site"),
        _("until the session is over, twelve hours at most"),
        _("the person"),
    ),
    Processing(
        "people.Invitation",
        ("email", "by", "accepted_by"),
        _("Let one person take one role by a link"),
        _("mission of public interest of the authority that opened the account"),
        _("thirty days after it was used, withdrawn or over"),
        _("whoever invited, the operator"),
    ),
    Processing(
        "diagnosis.OwnTable",
        ("provided_by",),
        _("Tell where the figures provided by a territory come from"),
        _("mission of public interest of the authority that opened the account"),
        _("until the table is erased or the account deleted"),
        _("the people who hold a right on the same territory, the operator"),
    ),
    Processing(
        "calls.Call",
        ("created_by",),
        _("Know who prepared a call for projects"),
        _("mission of public interest of the authority that opened the account"),
        _("as long as the call, without the name once the account is deleted"),
        _("the people who hold a right on the same territory, the operator"),
    ),
    Processing(
        "calls.Reviewer",
        ("person",),
        _("Know who marks the files of a call for projects"),
        _("mission of public interest of the authority that opened the account"),
        _("as long as the call, or until the account is deleted"),
        _("the people who run the call, the operator"),
    ),
    Processing(
        "calls.Application",
        ("email", "applicant"),
        _("Judge a file, send its link and its decision"),
        _("mission of public interest of the authority that opened the call"),
        _("drafts never handed in: six months after the closing; other files: as the law of archives asks"),
        _("the people who run the call, its reviewers unless they mark blindly; funded bodies are published"),
    ),
    Processing(
        "calls.Review",
        ("reviewer",),
        _("Mark the files of a call for projects; a reviewer with an interest does not"),
        _("mission of public interest of the authority that opened the account"),
        _("as long as the file, without the name once the account is deleted"),
        _("the reviewer, the people who run the call, without names on the page of the deliberation"),
    ),
    *(
        Processing(
            model,
            fields,
            _("Trace who recorded a decision, checked a commitment or brought a file of aid"),
            _("mission of public interest of the authority that opened the account"),
            _("as long as the call, without the name once the account is deleted"),
            _("the people who hold a right on the same territory, the operator"),
        )
        for model, fields in (
            ("calls.Decision", ("decided_by",)),
            ("calls.Pledge", ("checked_by",)),
            ("calls.AidYear", ("provided_by",)),
        )
    ),
    Processing(
        "panel.Panel",
        ("created_by",),
        _("Know who prepared, froze and drew a citizens’ panel"),
        _("mission of public interest of the authority that opened the account"),
        _("as long as the panel, without the name once the account is deleted"),
        _("the people who hold a right on the same territory, the operator"),
    ),
    Processing(
        "panel.Freezing",
        ("asked_by",),
        _("Know who prepared, froze and drew a citizens’ panel"),
        _("mission of public interest of the authority that opened the account"),
        _("as long as the panel, without the name once the account is deleted"),
        _("the people who hold a right on the same territory, the operator"),
    ),
    Processing(
        "panel.Draw",
        ("frozen_by", "drawn_by"),
        _("Know who prepared, froze and drew a citizens’ panel"),
        _("mission of public interest of the authority that opened the account"),
        _("as long as the panel, without the name once the account is deleted"),
        _("the people who hold a right on the same territory, the operator"),
    ),
    Processing(
        "panel.Volunteer",
        ("answers", "reference", "consented_at"),
        _("Draw a citizens’ panel that looks like the population"),
        _("mission of public interest of the authority that forms the panel"),
        _("people not drawn and members: until the two dates announced on the page of the panel"),
        _("the people who run the panel; a public number and a sealed print are published"),
    ),
    Processing(
        "panel.Contact",
        ("name", "email", "phone", "household"),
        _("Invite the people drawn to a citizens’ panel, and draw no two from one household"),
        _("mission of public interest of the authority that forms the panel"),
        _("people not drawn and members: until the two dates announced on the page of the panel"),
        _("the people who run the panel"),
    ),
    Processing(
        "budget.Campaign",
        ("created_by",),
        _("Know who opened a participatory budget"),
        _("mission of public interest of the authority that opened the account"),
        _("until the account is deleted"),
        _("the people who hold a right on the same territory, the operator"),
    ),
    Processing(
        "budget.Idea",
        ("author_name", "author_email", "studied_by"),
        _("Show who proposes an idea, write to the author about it, know which agent studied it"),
        _("mission of public interest of the authority that runs the participatory budget"),
        _("the name with the idea; the e-mail until the result is published"),
        _("the name: everybody; the e-mail and the agent: the people who hold a right on the same territory"),
    ),
    Processing(
        "budget.Elector",
        ("mark",),
        _("Let each person vote once: a mark that cannot be turned back into a name once the vote is sealed"),
        _("mission of public interest of the authority that runs the participatory budget"),
        _("until the attendance sheet is erased, after the result"),
        _("nobody: it says who voted only to whoever holds the same code or name"),
    ),
    Processing(
        "budget.PaperEntry",
        ("keyed_by",),
        _("Make sure that two different people key each paper ballot"),
        _("mission of public interest of the authority that runs the participatory budget"),
        _("until the account is deleted"),
        _("the people who hold a right on the same territory, the operator"),
    ),
    Processing(
        "budget.Result",
        ("counted_by",),
        _("Know who counted the votes"),
        _("mission of public interest of the authority that runs the participatory budget"),
        _("until the account is deleted"),
        _("the people who hold a right on the same territory, the operator"),
    ),
    Processing(
        "exchanges.Agreement",
        ("created_by",),
        _("Know who prepared an agreement between territories"),
        _("mission of public interest of the authority that opened the account"),
        _("as long as the agreement, without the name once the account is deleted"),
        _("the people who hold a right on a party, the operator"),
    ),
    Processing(
        "exchanges.Signature",
        ("name", "role", "recorded_by"),
        _("Tell who signed an agreement for each party, and who recorded it"),
        _("mission of public interest of the authority that opened the account"),
        _("as long as the agreement; the name of who signed is part of it"),
        _("the people who hold a right on a party, the operator; everybody when the agreement is public"),
    ),
    Processing(
        "exchanges.Record",
        ("recorded_by",),
        _("Know who recorded what was delivered under an agreement"),
        _("mission of public interest of the authority that opened the account"),
        _("as long as the agreement, without the name once the account is deleted"),
        _("the people who hold a right on a party, the operator"),
    ),
    Processing(
        "people.Entry",
        ("who",),
        _("Trace what was done, for security"),
        _("legitimate interest in the security of the site"),
        _("twelve months"),
        _("the person, the operator"),
    ),
    Processing(
        "currency.Wallet",
        ("owner",),
        _("Know whose account of a local currency it is, and pay it by its name"),
        _("contract with the association that issues the currency"),
        _("until the account is closed; the ledger then keeps a number only, ten years as the books"),
        _("whoever pays or is paid by the account sees its name; its owner and the operator see its payments"),
    ),
    *(
        Processing(
            model,
            ("made_by",),
            _("Know who let a program pay from an account"),
            _("contract with the association that issues the currency"),
            _("as long as the account, without the name once the person’s account is deleted"),
            _("the owner of the account, the operator"),
        )
        for model in ("currency.Key", "currency.Hook")
    ),
    Processing(
        "currency.Telephone",
        ("number",),
        _("Let somebody pay by text messages"),
        _("contract with the association that issues the currency"),
        _("until the telephone sends STOP, or the account is closed"),
        _("the owner of the account, the operator"),
    ),
    Processing(
        "currency.Seat",
        ("person", "given_by"),
        _("Know who takes payments in the name of the holder of an account"),
        _("contract with the association that issues the currency"),
        _("until the seat is taken back, the account closed or the person’s account deleted"),
        _("the owner of the account, the operator"),
    ),
    Processing(
        "currency.Ask",
        ("made_by",),
        _("Know who made a code to pay by"),
        _("contract with the association that issues the currency"),
        _("a day when nobody used it, else thirteen months"),
        _("the owner of the account, the operator"),
    ),
    *(
        Processing(
            model,
            (path,),
            _(
                "Know how far a member was checked, where its euros go, what it owes, what it lets the association debit"
            ),
            _("contract with the association that issues the currency"),
            _("until the account is closed; what was debited stays by number, ten years as the books"),
            _("the person, the staff and auditors of the currency, the banks of both for direct debits"),
        )
        for model, path in (
            ("association.Member", "wallet__owner"),
            *((f"association.{one}", "member__wallet__owner") for one in ("SepaMandate", "MonthlyCredit", "Dues")),
            ("association.Mandate", "debtor__owner"),
        )
    ),
    Processing(
        "association.Certificate",
        ("proposed_by", "confirmed_by"),
        _("Say who stands for the reserve of a local currency"),
        _("agreement between the association and its members"),
        _("as long as the currency"),
        _("anybody, on the certificate"),
    ),
    *(
        Processing(
            model,
            fields,
            _("Know who runs a local currency, who asked for each operation and who agreed to it"),
            _("agreement between the association and its members"),
            _("until the account is deleted; operations stay, without the name"),
            _("the staff and auditors of the currency"),
        )
        for model, fields in (
            ("association.Post", ("person", "given_by")),
            ("association.Deed", ("made_by",)),
            ("association.Decision", ("by",)),
            ("association.Member", ("level_checked_by", "added_by", "approved_by")),
            ("association.MandateChange", ("by",)),
            ("association.BankLine", ("matched_by",)),
            ("association.Gifts", ("made_by",)),
            ("association.SepaMandate", ("recorded_by",)),
            ("association.Collection", ("made_by", "agreed_by")),
            ("association.Declaration", ("by",)),
        )
    ),
)
