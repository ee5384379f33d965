import Money
import Web

/// Time as it goes by in an example company: which day it is, the way forward, and what the last move brought.
struct ClockPage {
    let view: ClockView
    let typed: String
    let problem: WebProblem?
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        let title = say("Test clock", "Probeuhr")
        return shell.page(title, at: .settings, crumbs: title) { html in
            html("div", .class("head")) { html in
                html("h1", text: say("Today is \(day)", "Heute ist \(day)"))
                html(
                    "p", .class("second"),
                    text: say(
                        "These are the books of an example company. Here you move its day forward, for everybody who uses this server, and never back. Charges become drafts by themselves; money does not come by itself, and reminders are yours to send.",
                        "Das sind die Bücher einer Beispielfirma. Hier stellen Sie ihren Tag vor, für alle an diesem Server und nie zurück. Aus Leistungen werden von selbst Entwürfe; Geld kommt nicht von selbst, und gemahnt wird nur von Ihnen."
                    ))
            }
            if shell.may("import") { form(&html) }
            if let moved = view.moved { news(&html, moved) }
        }
    }

    private var day: String { say.fullDay(view.today, year: true) }

    private func form(_ html: inout HTML) {
        html("form", .class("fields"), .action(Link("/settings/clock")), .fixed("method", "post")) { html in
            shell.hidden(&html, "_token", shell.request.session.formToken)
            if shell.reader.chosen { shell.hidden(&html, "lang", shell.reader.language.rawValue) }
            html("p", .class("buttons")) { html in
                step(&html, .day, say("Next day", "Nächster Tag"))
                step(&html, .week, say("Next week", "Nächste Woche"))
                step(&html, .monthEnd, say("Next month end", "Nächster Monatsletzter"))
            }
            html("div", problem == nil ? .class("field") : .class("field wrong")) { html in
                html("label", .fixed("for", "f-day"), text: say("Or go to this day", "Oder zu diesem Tag"))
                html.void(
                    "input", .id("f-day"), .fixed("type", "text"), .fixed("name", "day"), Attribute("value", typed),
                    Attribute("placeholder", (view.today + 1).description), .fixed("autocomplete", "off"),
                    problem == nil ? nil : .fixed("aria-invalid", "true"),
                    problem == nil ? nil : .fixed("aria-describedby", "f-day-problem"))
                if let problem {
                    html("p", .class("wrong"), .id("f-day-problem"), .fixed("role", "alert")) { html in
                        html.icon(.triangle)
                        html.text(" \(problem.why) \(problem.next)")
                    }
                }
            }
            html("p", .class("buttons")) { html in step(&html, .given, say("Go there", "Dorthin")) }
        }
    }

    private func step(_ html: inout HTML, _ step: ClockStep, _ words: String) {
        html(
            "button", .fixed("type", "submit"), step == .day ? .class("button primary") : .class("button"),
            .fixed("name", "step"), Attribute("value", step.rawValue), text: words)
    }

    private func news(_ html: inout HTML, _ moved: ClockMoved) {
        let (from, to) = (say.day(moved.from, today: view.today), say.day(moved.to, today: view.today))
        html("section", .class("news"), .fixed("aria-labelledby", "news")) { html in
            html("h2", .id("news"), text: say("From \(from) to \(to)", "Von \(from) bis \(to)"))
            if !moved.billed.isEmpty { html("p", .class("second"), text: moved.billed) }
            guard !moved.news.isEmpty else {
                html("p", text: say("The worklist has nothing new.", "Die Arbeitsliste hat nichts Neues."))
                return
            }
            let count = moved.news.count + moved.more
            html(
                "p",
                text: say(
                    count == 1 ? "One thing is new on the worklist." : "\(count) things are new on the worklist.",
                    count == 1
                        ? "Ein Vorgang ist neu auf der Arbeitsliste."
                        : "\(count) Vorgänge sind neu auf der Arbeitsliste."))
            let today = TodayPage(
                view: TodayView(
                    day: view.today, sellers: [], figures: [], worklist: moved.news, total: count, worth: []),
                kind: nil,
                shell: shell)
            html("ol", .class("work")) { html in
                for item in moved.news { today.row(&html, item) }
            }
            if moved.more > 0 {
                html("p", .class("rest")) { html in
                    html(
                        "a", .href(shell.reader.today()),
                        text: say("\(moved.more) more on the worklist", "\(moved.more) weitere auf der Arbeitsliste"))
                }
            }
        }
    }
}
