import Money
import Web

/// One line of the bank: what it says, what it may pay and why, and what can be done with it.
struct MoneyPanel {
    let detail: MoneyDetail
    let view: MoneyView
    let question: MoneyQuestion
    let shell: Shell
    var reader: Reader { shell.reader }
    var say: Voice { shell.reader.say }
    private var line: MoneyLine { detail.line }
    private var currency: String { line.amount.currency }
    private var canApply: Bool { shell.may("cash apply") && !line.amount.amount.isZero && line.state != "placed" }

    func draw(_ html: inout HTML) {
        head(&html)
        if !detail.placed.isEmpty { placed(&html) }
        if !detail.taken.isEmpty, canApply {
            spread(&html)
        } else if !detail.proposed.isEmpty {
            proposal(&html)
        } else if line.state != "placed" {
            html.note(
                .class("note"),
                say("Nothing is proposed for this line.", "Zu dieser Zahlung gibt es keinen Vorschlag."),
                say.prose(detail.reasons.joined(separator: " ")))
        }
        if line.state != "placed" { search(&html) }
        ways(&html)
    }

    private func head(_ html: inout HTML) {
        html("div", .class("line-head")) { html in
            html("div") { html in
                html("h2", .class("big-name")) { $0("bdi", text: line.title) }
                html("p", .class("second")) { html in html.text(particulars) }
                if let text = line.text { html("p", .class("bank-text")) { $0("bdi", text: "“\(text)”") } }
                if let customer = line.customer {
                    html("p", .class("second")) { html in
                        html.text(say("of ", "von "))
                        shell.customerLink(&html, customer, line.customerName ?? customer, seller: line.seller)
                    }
                }
            }
            html("div", .class("n")) { html in
                html("p", .class("hint"), text: say("Received, \(currency)", "Eingang, \(currency)"))
                html("p", .class("key"), text: say.figure(detail.received))
                if detail.received != line.amount.amount, line.state != "placed" {
                    html(
                        "p", .class("hint"),
                        text: say(
                            "\(say.figure(line.amount.amount)) of it unplaced",
                            "davon \(say.figure(line.amount.amount)) offen"))
                }
            }
        }
    }

    private var particulars: String {
        let booked = say(
            "booked \(say.day(line.day, today: view.day))", "gebucht \(say.day(line.day, today: view.day))")
        let value =
            detail.valueDay == line.day
            ? nil
            : say(
                "value \(say.day(detail.valueDay, today: view.day))",
                "Wert \(say.day(detail.valueDay, today: view.day))")
        return [line.payment, detail.reference, booked, value, detail.account.isEmpty ? nil : detail.account]
            .compactMap(\.self).joined(separator: " · ")
    }

    // MARK: Proposed

    private func proposal(_ html: inout HTML) {
        html("section") { html in
            html("div", .class("confidence")) { html in
                html("h2", text: say("Proposed", "Vorschlag"))
                if let confidence = line.confidence { self.confidence(&html, confidence) }
            }
            parts(
                &html, detail.proposed, caption: say("What is proposed", "Was vorgeschlagen wird"),
                total: detail.proposed.count > 1)
            html("div", .class("two")) { html in
                html("div") { html in
                    html("h3", text: say("Why", "Warum"))
                    html("ul", .class("reasons")) { html in
                        for reason in detail.reasons {
                            html("li") { html in
                                html.icon(.check)
                                html("span", Attribute("dir", "auto"), text: say.prose(reason))
                            }
                        }
                    }
                }
                html("div") { html in
                    html("h3", text: say("Runner-up", "Zweiter Vorschlag"))
                    html(
                        "p", .class("second"), Attribute("dir", "auto"),
                        text: detail.runnerUp.map { say.prose($0.words) } ?? say("None.", "Keiner."))
                }
            }
            html.note(.class("note accent"), accepting)
            if canApply { accept(&html) }
            afterwards(&html)
        }
    }

    /// From 0 to 1, with the threshold from which lines place themselves.
    private func confidence(_ html: inout HTML, _ confidence: Figure) {
        let share = (try? FixedPoint.parse(confidence.text, decimals: 4)) ?? 0
        html("span", .class("hint"), text: say("confidence", "Sicherheit"))
        html(
            "svg", .class("gauge"), .fixed("viewBox", "0 0 10000 8"), .fixed("preserveAspectRatio", "none"),
            .fixed("aria-hidden", "true")
        ) { svg in
            svg.void("rect", .class("fill-line"), .fixed("width", "10000"), .fixed("height", "8"))
            svg.void("rect", .class("fill-accent"), Attribute("width", Int(share)), .fixed("height", "8"))
            svg.void(
                "rect", .class("fill-ink"), .fixed("x", "9800"), .fixed("width", "90"), .fixed("height", "8"))
        }
        html("span", .class("total"), text: say.figure(confidence))
        html("span", .class("hint"), text: say("places itself from 0.98", "ordnet sich ab 0,98 selbst zu"))
    }

    /// What accepting does, before it is done.
    private var accepting: String {
        let settled = detail.proposed.filter { $0.left.isZero }.count
        let all = detail.proposed.count
        let names = all == 1 ? detail.proposed[0].invoiceNo : say("\(all) documents", "\(all) Belege")
        let amount = say.amount(line.amount)
        let what =
            settled == all
            ? say("If you accept: \(amount) settles \(names).", "Wenn Sie annehmen: \(amount) gleicht \(names) aus.")
            : say(
                "If you accept: \(amount) goes to \(names); \(all - settled) of them stay open in part.",
                "Wenn Sie annehmen: \(amount) geht auf \(names); davon bleiben \(all - settled) teilweise offen.")
        let off = detail.proposed.filter { !$0.writeOff.isZero }
        guard let first = off.first else { return what + " " + undoable }
        let why = Term.of(first.reason ?? "", in: Term.writeOffs).words(say)
        return what + " "
            + say(
                "\(say.figure(first.writeOff)) is written off (\(why)).",
                "\(say.figure(first.writeOff)) wird ausgebucht (\(why)).") + " " + undoable
    }
    private var undoable: String { say("It can be taken back.", "Es lässt sich zurücknehmen.") }

    private var nextPage: Link {
        reader.link(
            "/money",
            [("show", question.show == .waiting ? nil : question.show.rawValue), ("receipt", detail.next)])
    }

    private func accept(_ html: inout HTML) {
        shell.form(
            &html, "cash apply", back: nextPage, look: .class("acts"),
            fields: [("receipt", line.receipt), ("seller", line.seller)]
        ) { html in
            let hasWriteOffs = detail.proposed.contains { !$0.writeOff.isZero }
            for part in detail.proposed {
                shell.hidden(&html, "invoice", part.invoiceNo)
                shell.hidden(&html, "amount", part.paid.text)
                if hasWriteOffs { shell.hidden(&html, "write-off", part.writeOff.text) }
            }
            if hasWriteOffs {
                shell.hidden(&html, "reason", detail.proposed.compactMap(\.reason).first ?? "small-difference")
            }
            shell.submit(
                &html, say("Accept", "Annehmen"), key: "a", look: .class("button primary"), focus: true,
                atOnce: question.receipt != nil)
        }
    }

    private func afterwards(_ html: inout HTML) {
        guard !detail.afterwards.isEmpty else { return }
        html("h3", text: say("Left open afterwards", "Danach noch offen"))
        parts(
            &html, detail.afterwards, caption: say("Left open afterwards", "Danach noch offen"), total: false,
            openOnly: true)
    }

    /// Documents in a table: open, paid, written off, left.
    private func parts(
        _ html: inout HTML, _ parts: [MoneyPart], caption: String, total: Bool, openOnly: Bool = false
    ) {
        let hasWriteOffs = parts.contains { !$0.writeOff.isZero }
        html.wideTable { html in
            html("caption", .class("sr"), text: caption)
            html.heads(heads(hasWriteOffs: hasWriteOffs, openOnly: openOnly))
            html("tbody") { html in
                for part in parts {
                    html("tr") { html in
                        html("th", .fixed("scope", "row")) {
                            shell.invoiceLink(&$0, part.invoiceNo, seller: line.seller)
                        }
                        html("td", .class("wide")) {
                            shell.customerLink(&$0, part.customer, part.customerName, seller: line.seller)
                        }
                        html("td", .class("wide short"), text: part.dueDay.map { say.day($0, today: view.day) } ?? "–")
                        html("td", .class("n"), text: say.figure(part.open))
                        if !openOnly { html("td", .class("n strong"), text: say.figure(part.paid)) }
                        if hasWriteOffs { html("td", .class("n"), text: say.figure(part.writeOff)) }
                        if !openOnly { html("td", .class("n"), text: say.figure(part.left)) }
                    }
                }
            }
            if total {
                html("tfoot") { html in
                    html("tr", .class("total")) { html in
                        html("th", .fixed("scope", "row"), text: say("Together", "Zusammen"))
                        html("td", .class("wide"), text: "")
                        html("td", .class("wide"), text: "")
                        html("td", text: "")
                        html("td", .class("n sum"), text: say.figure(Figure.sum(parts.map(\.paid))))
                        if hasWriteOffs { html("td", text: "") }
                        html("td", text: "")
                    }
                }
            }
        }
    }

    private func heads(hasWriteOffs: Bool, openOnly: Bool) -> [Head] {
        var heads: [Head] = [
            Head(say("Open item", "Offener Posten")), .wide(say("Customer", "Kunde")), .wide(say("Due", "Fällig")),
            .figures(say("Open, \(currency)", "Offen, \(currency)")),
        ]
        if !openOnly { heads.append(.figures(say("Paid", "Gezahlt"))) }
        if hasWriteOffs { heads.append(.figures(say("Written off", "Ausgebucht"))) }
        if !openOnly { heads.append(.figures(say("Left", "Rest"))) }
        return heads
    }

    // MARK: Placed

    private func placed(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("What it pays", "Was sie begleicht"))
            parts(
                &html, detail.placed, caption: say("What it pays", "Was sie begleicht"), total: detail.placed.count > 1)
            for reason in line.state == "placed" ? detail.reasons : [] {
                html("p", .class("second"), Attribute("dir", "auto"), text: say.prose(reason))
            }
            guard shell.may("cash unapply") else { return }
            shell.form(
                &html, "cash unapply", look: .class("acts"),
                fields: [("receipt", line.receipt), ("seller", line.seller)]
            ) { html in
                shell.submit(&html, say("Take it back", "Zurücknehmen"), key: "u")
                html(
                    "span", .class("hint"),
                    text: say(
                        "The documents are open again, the money unplaced.",
                        "Die Belege sind wieder offen, das Geld nicht zugeordnet."))
            }
        }
    }
}
