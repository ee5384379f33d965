import Foundation
import Testing

/// The house rules that a reader can check by reading: arrows between modules, what Rules may not see, what papers must hold.
@Suite("Tidy")
struct TidyTests {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Which modules of ours each module may import, as docs/architecture.md has it.
    static let arrows: [String: Set<String>] = [
        "Money": [],
        "Ledger": ["Money"],
        "Customers": ["Ledger", "Money"],
        "Pricing": ["Customers", "Ledger", "Money"],
        "Charges": ["Customers", "Ledger", "Money", "Pricing"],
        "Invoicing": ["Charges", "Customers", "Ledger", "Money", "Pricing"],
        "Receivables": ["Customers", "Ledger", "Money"],
        "CreditControl": ["Customers", "Ledger", "Money", "Receivables"],
        "Correspondence": ["Customers", "Ledger", "Money", "Typesetting"],
        "Access": ["Ledger", "Money"],
        "Formats": ["CHost", "CXLSXWriter", "CXML2", "CZip", "Money"],
        "Typesetting": ["CPango", "CQREncode", "Money"],
        "Demo": ["Money"],
        "Database": ["CHost", "CPQ", "CSQLite"],
        "Host": ["CHost"],
        "Mail": ["CCurl"],
        "Outbound": ["CCurl"],
        "Web": ["CHost"],
        "Workspace": ["Ledger", "Money", "Web"],
        "Books": ["CHost", "Database", "Ledger", "Money"],
    ]
    static let rules: Set<String> = [
        "Money", "Ledger", "Customers", "Pricing", "Charges", "Invoicing", "Receivables", "CreditControl",
        "Correspondence", "Formats", "Typesetting", "Access",
    ]
    /// A desk may also import these, and any Rules; never another desk.
    static let underDesks: Set<String> = ["Books", "CArgon2", "Database", "Mail"]

    struct Source {
        let path: String
        let module: String
        let isDesk: Bool
        let lines: [String]
        var imports: [String] {
            lines.compactMap { line in
                let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
                return words.count >= 2 && words[0] == "import" ? String(words[1]) : nil
            }
        }
    }

    static func swiftFiles(in folder: String) throws -> [Source] {
        let base = root.appendingPathComponent(folder)
        let files =
            FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil)?.allObjects as? [URL] ?? []
        return try files.filter { $0.pathExtension == "swift" }.sorted { $0.path < $1.path }.map { file in
            let path = String(file.path.dropFirst(base.path.count + 1))
            let parts = path.split(separator: "/").map(String.init)
            let text = try String(contentsOf: file, encoding: .utf8)
            return Source(
                path: "\(folder)/\(path)", module: parts[0], isDesk: parts.count > 2 && parts[1] == "Desk",
                lines: text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
        }
    }

    @Test("arrows between modules are those of the table")
    func arrowsHold() throws {
        let sources = try Self.swiftFiles(in: "Sources")
        #expect(sources.count > 100)
        let ours = Set(sources.flatMap { [$0.module, $0.module + "Desk"] }).union(["CLibXML2"])
        for source in sources where source.module != "duly" {
            for module in source.imports where ours.contains(module) && module != source.module {
                if source.isDesk {
                    let allowed = Self.rules.union(Self.underDesks).contains(module)
                    #expect(allowed, "\(source.path) imports \(module)")
                } else {
                    let allowed = try #require(Self.arrows[source.module], "\(source.module) is not in the table")
                    #expect(allowed.contains(module), "\(source.path) imports \(module)")
                }
            }
        }
    }

    @Test("Rules see no clock, no chance, no database and never wait")
    func rulesArePure() throws {
        let forbidden = [
            "Date()", "UUID()", ".random(", "import Database", "import Books", " async ", "await ", "Decimal(",
            "ProcessInfo",
        ]
        for source in try Self.swiftFiles(in: "Sources") where Self.rules.contains(source.module) && !source.isDesk {
            for (number, line) in source.lines.enumerated() {
                let code = line.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
                for word in forbidden {
                    #expect(!code.contains(word), "\(source.path):\(number + 1) has \(word)")
                }
            }
        }
    }

    @Test("nothing names a place of one machine")
    func noPlaces() throws {
        let places = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/"]
        for folder in ["Sources", "Tests"] {
            for source in try Self.swiftFiles(in: folder) {
                for (number, line) in source.lines.enumerated() {
                    for place in places { #expect(!line.contains("\"\(place)"), "\(source.path):\(number + 1)") }
                }
            }
        }
    }

    @Test("every refusal's code stands in docs/refusals.md")
    func refusalsAreDocumented() throws {
        let text = try String(contentsOf: Self.root.appendingPathComponent("docs/refusals.md"), encoding: .utf8)
        var found = 0
        let pattern = try Regex(
            #""((?:access|api|approval|audit|bank|bill|books|cash|clock|correspondence|credit|demo|event|export|import|invoicing|job|key|mail|period|reminder|setup|table|telling|undo|web|webhook|workspace)\.[a-z0-9]+(?:-[a-z0-9]+)*)""#
        )
        for source in try Self.swiftFiles(in: "Sources") {
            // Points of a crash are named alike, too.
            for line in source.lines where !line.contains("CrashPoint.reach") {
                for match in line.matches(of: pattern) {
                    guard let code = match.output[1].substring else { continue }
                    // Kinds of commands are written alike, and are no refusals.
                    guard !Self.commandKinds.contains(String(code)) else { continue }
                    found += 1
                    let isThere = text.contains("`\(code)`")
                    #expect(isThere, "\(code) of \(source.path) is not in docs/refusals.md")
                }
            }
        }
        #expect(found > 80)
    }
    static let commandKinds: Set<String> = [
        "bill.run", "bank.import", "bank.receive", "cash.apply", "cash.apply-run", "cash.match", "cash.match-receipt",
        "import.customers",
        "import.orders", "import.invoices", "period.close", "period.reopen", "reminder.run", "reminder.issue",
        "undo.run", "webhook.test",
    ]

    @Test("the pages have words for every kind of work and of happening, in both languages")
    func kindsHaveWords() throws {
        let words = try String(
            contentsOf: Self.root.appendingPathComponent("Sources/Workspace/Vocabulary.swift"), encoding: .utf8)
        // Work is named twice: as one, and over a list.
        let places = [
            (
                "WorklistReader",
                #"(?:kind: |\? |: |case "[a-z]+": |\()"([a-z]+(?:-[a-z]+)*-[a-z]+|overdue|dispute)"(?:[,\)]| :)"#, 2, 11
            ),
            ("Timeline", #"(?:item\(row, |^\s+row, |kind: )"([a-z]+(?:-[a-z]+)*)","#, 1, 8),
        ]
        for (name, shape, times, least) in places {
            let path = Self.root.appendingPathComponent("Sources/Reports/Desk/\(name).swift")
            let source = try String(contentsOf: path, encoding: .utf8)
            var kinds: Set<String> = []
            for match in source.matches(of: try Regex(shape).anchorsMatchLineEndings()) {
                if let kind = match.output[1].substring { kinds.insert(String(kind)) }
            }
            #expect(kinds.count >= least, "\(name): \(kinds.sorted())")
            for kind in kinds {
                let found = words.matches(of: try Regex("\"\(kind)\": Term\\(")).count
                #expect(found >= times, "\(kind) of \(name) has no word on the pages")
            }
        }
    }

    @Test("queries write NOT EXISTS, and values carry no subselect")
    func queries() throws {
        for source in try Self.swiftFiles(in: "Sources") {
            let text = source.lines.joined(separator: "\n")
            #expect(!text.contains("NOT IN (SELECT"), "\(source.path)")
            #expect(!text.contains("VALUES (SELECT"), "\(source.path)")
            #expect(!text.contains("pg_advisory"), "\(source.path)")
        }
    }
}
