import Money
import Web

/// Lines of the bank on the left; on the right one of them, what it may pay, and why.
struct MoneyPage {
    let view: MoneyView
    let question: MoneyQuestion
    let shell: Shell
    private var reader: Reader { shell.reader }
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        shell.page(say("Money in", "Zahlungen"), at: .money, crumbs: say("Money in", "Zahlungen")) { html in
            html("div", .class("head")) { html in
                html("h1", text: say("Money in", "Zahlungen"))
                html("p", text: sentence)
                html("span", .class("push acts")) { html in
                    shell.go(&html, say("Statements", "Kontoauszüge"), reader.link("/money/statements"))
                    if shell.may("bank import") {
                        shell.go(&html, say("Bank file", "Bankdatei"), reader.link("/money/statements"))
                    }
                }
            }
            shell.sellerChips(&html, view.sellers, "/money")
            html("div", .class("panes")) { html in
                html("div", .class("list-pane")) { html in
                    meter(&html)
                    chips(&html)
                    lines(&html)
                }
                html("div", .class("work-pane")) { html in
                    if let detail = view.selected {
                        MoneyPanel(detail: detail, view: view, question: question, shell: shell).draw(&html)
                    } else {
                        match(&html)
                    }
                }
            }
        }
    }

    private func count(_ kind: String) -> Int { view.counts.first { $0.kind == kind }?.count ?? 0 }

    private var sentence: String {
        let waiting = count("waiting")
        guard waiting > 0 else { return say("No line needs a person", "Keine Zahlung braucht einen Menschen") }
        let lines =
            waiting == 1
            ? say("One line needs a person", "Eine Zahlung braucht einen Menschen")
            : say("\(waiting) lines need a person", "\(waiting) Zahlungen brauchen einen Menschen")
        return view.worth.isEmpty ? lines : "\(lines), \(shell.together(view.worth))"
    }

    /// Placed without a person, as a bar and in words.
    private func meter(_ html: inout HTML) {
        let meter = view.meter
        guard meter.receipts > 0, let rate = meter.rate else { return }
        let words = say(
            "\(meter.unaided) of \(meter.receipts) lines placed unaided",
            "\(meter.unaided) von \(meter.receipts) Zahlungen ohne Zutun zugeordnet")
        html("div", .class("meter")) { html in
            html("p") { html in
                html("span", .class("strong"), text: words)
                html("span", .class("n"), text: say.percent(rate))
            }
            let unaided = meter.unaided * 10_000 / meter.receipts
            let waiting = meter.waiting * 10_000 / meter.receipts
            html(
                "svg", .class("bar"), .fixed("viewBox", "0 0 10000 8"), .fixed("preserveAspectRatio", "none"),
                .fixed("role", "img"),
                Attribute("aria-label", "\(words), \(say("\(meter.waiting) wait", "\(meter.waiting) warten"))")
            ) { svg in
                svg.void("rect", .class("fill-good"), Attribute("width", unaided), .fixed("height", "8"))
                svg.void(
                    "rect", .class("fill-line"), Attribute("x", unaided), .fixed("height", "8"),
                    Attribute("width", max(0, 10_000 - unaided - waiting)))
                svg.void(
                    "rect", .class("fill-warn"), Attribute("x", 10_000 - waiting), Attribute("width", waiting),
                    .fixed("height", "8"))
            }
            html("p", .class("hint")) { html in
                html(
                    "span",
                    text: say(
                        "since \(say.day(meter.since, today: view.day))",
                        "seit \(say.day(meter.since, today: view.day))"))
                html(
                    "span", .class("n"),
                    text: say(
                        "\(meter.receipts - meter.unaided - meter.waiting) by hand, \(meter.waiting) wait",
                        "\(meter.receipts - meter.unaided - meter.waiting) von Hand, \(meter.waiting) warten"))
            }
        }
    }

    private func link(show: MoneyQuestion.Show, receipt: String? = nil, page: Int = 1) -> Link {
        reader.link(
            "/money",
            [
                ("show", show == .waiting ? nil : show.rawValue), ("receipt", receipt),
                ("page", page > 1 ? String(page) : nil),
            ])
    }

    private func chips(_ html: inout HTML) {
        html("nav", .class("chips"), Attribute("aria-label", say("Which lines", "Welche Zahlungen"))) { html in
            for (show, words, number) in [
                (MoneyQuestion.Show.waiting, say("To look at", "Zu prüfen"), count("waiting")),
                (.account, say("On account", "Auf Konto"), count("account")),
                (.placed, say("Placed unaided", "Ohne Zutun zugeordnet"), nil),
            ] as [(MoneyQuestion.Show, String, Int?)] {
                shell.chip(&html, words, number, link(show: show), isCurrent: show == question.show)
            }
        }
    }

    private func lines(_ html: inout HTML) {
        guard !view.lines.isEmpty else {
            return html.empty(
                say("Nothing is here.", "Hier ist nichts."),
                say(
                    "Money of bank files that could not be placed with certainty appears here, the largest first.",
                    "Zahlungen aus Bankdateien, die nicht sicher zugeordnet werden konnten, erscheinen hier, die größten zuerst."
                ))
        }
        html("ol", .class("lines")) { html in
            for line in view.lines { row(&html, line) }
        }
        shell.turning(&html, page: question.page, hasNext: view.more) { link(show: question.show, page: $0) }
    }

    private func row(_ html: inout HTML, _ line: MoneyLine) {
        let isCurrent = line.receipt == view.selected?.line.receipt
        html("li") { html in
            html(
                "a", .href(link(show: question.show, receipt: line.receipt, page: question.page)), .flag("data-row"),
                isCurrent ? .fixed("aria-current", "true") : nil
            ) { html in
                html("bdi", .class("strong"), text: line.title)
                html("span", .class("n strong"), text: say.amount(line.amount))
                html.term(Term.of(line.state, in: Term.lines), say)
                html("bdi", .class("second"), text: line.text ?? line.payment ?? "")
                html("span", .class("second n"), text: say.day(line.day, today: view.day))
                html("span", .class("second"), text: line.confidence.map { say.figure($0) } ?? "")
            }
        }
    }

    /// Where nothing waits: matching can be run again.
    private func match(_ html: inout HTML) {
        html("section") { html in
            html("h2", text: say("Match again", "Neu zuordnen"))
            html(
                "p", .class("second"),
                text: say(
                    "Looks for what each unplaced line pays; what is certain is booked, the rest is proposed here.",
                    "Sucht, was jede offene Zahlung begleicht; Sicheres wird gebucht, der Rest hier vorgeschlagen."))
            MatchForm(sellers: view.sellers, shell: shell).draw(&html)
        }
    }
}

/// `cash match`.
struct MatchForm {
    let sellers: [SellerView]
    let shell: Shell
    func draw(_ html: inout HTML) {
        guard shell.may("cash match") else { return }
        let say = shell.say
        shell.form(&html, "cash match", look: .class("inline"), fields: [("seller", shell.reader.seller)]) { html in
            html(
                "label", Attribute("for", "minimum-confidence"),
                text: say("Book from a confidence of", "Buchen ab einer Sicherheit von"))
            html.void(
                "input", .id("minimum-confidence"), .fixed("type", "text"), .fixed("name", "minimum-confidence"),
                .fixed("value", "0.98"), .fixed("inputmode", "decimal"), .fixed("size", "5"))
            shell.submit(&html, say("Match", "Zuordnen"))
            shell.submit(&html, say("Preview", "Vorschau"), name: "dry-run")
        }
    }
}

extension Term {
    /// States of lines of the bank.
    static let lines: [String: Term] = [
        "proposed": Term("Look", "Ansehen", .eye, .accent),
        "unknown": Term("Search", "Suchen", .search, .warn),
        "account": Term("On account", "Auf Konto", .bank),
        "placed": Term("Placed", "Zugeordnet", .check, .good),
    ]
    /// Why something is written off.
    static let writeOffs: [String: Term] = [
        "cash-discount": Term("Cash discount", "Skonto"),
        "bank-fee": Term("Bank fee", "Bankgebühr"),
        "small-difference": Term("Small difference", "Kleindifferenz"),
        "uncollectible": Term("Uncollectible", "Uneinbringlich"),
    ]
    /// How a bank statement goes on.
    static let continuities: [String: Term] = [
        "first": Term("The first", "Der erste", .file),
        "continues": Term("Goes on", "Schließt an", .check, .good),
        "gap": Term("Something is missing before", "Davor fehlt etwas", .triangle, .warn),
        "unbalanced": Term("Does not add up", "Geht nicht auf", .triangle, .bad),
        "no-balance": Term("States no balance", "Nennt keinen Saldo", .file),
    ]
}
