import Web

/// What one may want to do, found by its words: places, and work with a page of its own.
struct Deeds {
    let shell: Shell
    private var say: Voice { shell.reader.say }

    private struct Deed {
        let english, german: String
        let path: StaticString
        /// The command that must be allowed; nil for a page that only shows.
        let command: String?
    }

    private static let work = [
        Deed(
            english: "Read in a bank file", german: "Bankdatei einlesen", path: "/money/statements",
            command: "bank import"),
        Deed(
            english: "Match money again", german: "Zahlungen neu zuordnen", path: "/money/statements",
            command: "cash match"),
        Deed(
            english: "Place money by hand", german: "Zahlung von Hand zuordnen", path: "/money", command: "cash apply"),
        Deed(english: "Start a bill run", german: "Abrechnungslauf starten", path: "/bill", command: "bill"),
        Deed(english: "Issue drafts", german: "Entwürfe ausstellen", path: "/bill", command: "invoice issue"),
        Deed(english: "Write reminders", german: "Mahnungen schreiben", path: "/ask", command: "reminder run"),
        Deed(
            english: "Change the reminder policy", german: "Mahnregeln ändern", path: "/ask/policy",
            command: "reminder policy"),
        Deed(
            english: "See the outbox, send again", german: "Postausgang, nochmals senden", path: "/ask/letters",
            command: nil),
        Deed(english: "Close a period", german: "Zeitraum schließen", path: "/settings", command: "period close"),
        Deed(english: "Verify the books", german: "Bücher prüfen", path: "/settings", command: "verify"),
        Deed(english: "All commands", german: "Alle Befehle", path: "/commands", command: nil),
    ]

    /// Nothing typed: what is done most. Else each of whose words one begins with every word typed.
    func fitting(_ text: String) -> [FoundDeed] {
        let typed = text.lowercased().split(separator: " ")
        let work = Deeds.work.filter { deed in deed.command.map(shell.may) ?? true }
        guard !typed.isEmpty else {
            return Place.onRail.map { FoundDeed(label: $0.words(say), also: "g \($0.key)", path: $0.path.description) }
        }
        func fits(_ words: String) -> Bool {
            let known = words.lowercased().split { !$0.isLetter }
            return typed.allSatisfy { part in known.contains { $0.hasPrefix(part) } }
        }
        let places = Place.onRail.filter {
            fits("\($0.words(Voice(language: .english))) \($0.words(Voice(language: .german)))")
        }
        return places.map {
            FoundDeed(
                label: say("Go to \($0.words(say))", "Zu \($0.words(say))"), also: "g \($0.key)",
                path: $0.path.description)
        }
            + work.filter { fits("\($0.english) \($0.german)") }.map {
                FoundDeed(label: say($0.english, $0.german), path: $0.path.description)
            }
    }
}
