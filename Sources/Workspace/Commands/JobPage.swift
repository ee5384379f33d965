import Web

/// Long work that is under way.
public struct JobView: Encodable, Sendable {
    public let id: String
    /// As typed: `bill`.
    public let command: String
    /// What is being done just now, such as `bill DE`.
    public let what: String
    public let done: Int
    /// nil where nobody knows how many there will be.
    public let of: Int?
    /// Pieces a second.
    public let rate: Int
    public let secondsLeft: Int?
    /// Since it began.
    public let seconds: Int

    public init(
        id: String, command: String, what: String, done: Int, of: Int?, rate: Int, secondsLeft: Int?, seconds: Int
    ) {
        (self.id, self.command, self.what) = (id, command, what)
        (self.done, self.of, self.rate) = (done, of, rate)
        (self.secondsLeft, self.seconds) = (secondsLeft, seconds)
    }
    enum CodingKeys: String, CodingKey {
        case id, command, what, done, of, rate, seconds
        case secondsLeft = "seconds_left"
    }
}

/// How far it is; asks again by itself until it has ended.
struct JobPage {
    let view: JobView
    let shell: Shell
    private var say: Voice { shell.reader.say }

    func render() -> HTML {
        shell.page(view.command, at: .settings, crumbs: view.command) { html in
            html("div", .class("head")) { html in
                html("h1", text: view.command)
                html(
                    "p", .class("second"),
                    text: say(
                        "This takes a while. It goes on when you leave the page; come back to this address for its answer within an hour.",
                        "Das dauert etwas. Es läuft weiter, wenn Sie die Seite verlassen; unter dieser Adresse steht eine Stunde lang das Ergebnis."
                    ))
            }
            html("div", .class("job"), .fixed("role", "status")) { html in
                html("p", .class("strong"), text: count)
                if let of = view.of, of > 0 {
                    html(
                        "progress", Attribute("max", String(of)), Attribute("value", String(min(view.done, of))),
                        Attribute("aria-label", view.what), text: "\(min(100, view.done * 100 / of)) %")
                } else {
                    html("progress", Attribute("aria-label", view.what), text: "…")
                }
                html("p", .class("second"), text: pace)
                html("p", .class("buttons")) { html in
                    html(
                        "a", .class("button"), .href(Link("/jobs", path: [view.id])),
                        text: say("Look again", "Noch einmal nachsehen"))
                }
            }
        }
    }

    private var count: String {
        guard view.done > 0 || view.of != nil else { return say("It has begun.", "Es hat begonnen.") }
        guard let of = view.of else { return "\(view.what): \(view.done)" }
        return say("\(view.what): \(view.done) of \(of)", "\(view.what): \(view.done) von \(of)")
    }

    private var pace: String {
        var parts = [say("\(view.seconds) s so far", "seit \(view.seconds) s")]
        if view.rate > 0 { parts.append(say("\(view.rate) a second", "\(view.rate) je Sekunde")) }
        if let left = view.secondsLeft { parts.append(say("about \(left) s left", "noch etwa \(left) s")) }
        return parts.joined(separator: " · ")
    }
}
