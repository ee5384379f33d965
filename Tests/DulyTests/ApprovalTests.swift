import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

/// The second person, by command: what waits, who decides, and what comes of it, on both engines.
@Suite("The second person, by command", .timeLimit(.minutes(10))) struct ApprovalTests {
    /// Books of an office with people in them, and what is done there.
    struct Office: Sendable {
        let books: String

        init(_ engine: String) async throws {
            books =
                engine == "sqlite" ? CommandLineTests.books() : try await TestDatabases.freshServerDatabase()
            _ = try ServeTests.office(in: books)
            for (name, role) in [
                ("ines", "coordinator"), ("okan", "manager"), ("ruben", "finance"), ("maren", "sales"),
                ("tomasz", "administrator"),
            ] { #expect(try run("user", "invite", name, "--role", role).status == 0) }
            let set = try run("approval", "limit", "invoice credit", "coordinator", "--alone", "200")
            #expect(set.out.contains(#""alone":"200""#), "\(set)")
        }

        func run(_ words: String..., as user: String? = nil, crash: String? = nil) throws -> FedProgram {
            try FedProgram.run(
                words + ["--books", books, "--today", "2026-03-31", "--json"] + (user.map { ["--as", $0] } ?? []),
                // Where the key of books on a server lies.
                in: URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
                environment: crash.map { ["DULY_CRASH_AT": $0] } ?? [:])
        }

        /// What a command that waits is kept as.
        func waiting(_ done: FedProgram) throws -> [String: Any] {
            #expect(done.status == 0, "\(done.out) \(done.error)")
            let answer = try #require(try JSONSerialization.jsonObject(with: Data(done.out.utf8)) as? [String: Any])
            return try #require(answer["waits"] as? [String: Any], "\(done.out)")
        }
        func id(_ done: FedProgram) throws -> String { try #require(try waiting(done)["approval"] as? String) }

        func creditNotes() throws -> Int {
            try run("invoice", "list").out.matches(of: /"type":"credit_note"/).count
        }
        func open(_ number: String) throws -> String {
            let shown = try run("invoice", "show", number).out
            return try #require(shown.firstMatch(of: /"open":"([^"]*)"/)).output.1.description
        }
    }

    @Test(
        "a credit note beyond the limit waits, and is carried out once under its own id, through crashes",
        arguments: ["sqlite", "postgres"])
    func credit(engine: String) async throws {
        let office = try await Office(engine)
        func credit(_ reason: String = "Bruch am Grundstück 7") throws -> FedProgram {
            try office.run("invoice", "credit", "RE-2026-0001", "--reason", reason, "--id", "c-1", as: "ines")
        }
        let waits = try office.waiting(try credit())
        #expect(waits["state"] as? String == "waiting" && waits["amount"] as? String == "225.54")
        #expect(waits["roles"] as? [String] == ["finance", "manager"] && waits["asked_by"] as? String == "ines")
        let id = try #require(waits["approval"] as? String)
        #expect(try office.creditNotes() == 0)
        // The same again is the same request; the same id with other content is refused.
        #expect(try office.id(try credit()) == id)
        #expect(try credit("anders").out.contains("books.command-id-taken"))
        // A dry run asks nobody, and what would be refused is refused now.
        let dry = try office.run("invoice", "credit", "RE-2026-0001", "--dry-run", as: "ines")
        #expect(dry.status == 0 && !dry.out.contains("waits"), "\(dry.out)")
        #expect(try office.run("invoice", "credit", "NO-SUCH", as: "ines").status == 1)
        #expect(try office.run("approval", "list", "--state", "open").out.matches(of: /"state":"waiting"/).count == 1)

        for (user, code) in [("ines", "own-request"), ("maren", "not-yours"), ("tomasz", "not-yours"), ("x", "nobody")]
        {
            let refused = try office.run("approval", "give", id, as: user)
            #expect(refused.status == 1 && refused.out.contains("approval.\(code)"), "\(user): \(refused.out)")
        }
        let unknown = try office.run("approval", "give", "0EK3A7Q2M1C01", as: "okan")
        #expect(unknown.out.contains("approval.no-such-approval"))
        #expect(try office.run("approval", "give", id, "--dry-run", as: "okan").out.contains(#""state":"waiting""#))
        // The worklist of whoever may decide has it, that of the asker does not.
        #expect(try office.run("worklist", as: "okan").out.contains("approval:\(id)"))
        for other in ["ines", "maren"] { #expect(try !office.run("worklist", as: other).out.contains("approval:")) }

        // The program dies between deciding and carrying out; somebody else's word goes on there.
        #expect(try office.run("approval", "give", id, as: "okan", crash: "approval.agreed").status != 0)
        #expect(try office.creditNotes() == 0)
        #expect(try office.run("approval", "list").out.contains(#""state":"agreed""#))
        #expect(try office.run("approval", "refuse", id, "--reason", "no", as: "ruben").out.contains("decided-already"))
        // … and dies again when the books have it.
        #expect(try office.run("approval", "give", id, as: "ruben", crash: "approval.carried-out").status != 0)
        #expect(try office.creditNotes() == 1)
        let done = try office.run("approval", "give", id, as: "ruben")
        #expect(done.status == 0 && done.out.contains(#""state":"done""#), "\(done.out) \(done.error)")
        #expect(done.out.contains(#""decided_by":"okan""#))
        #expect(try office.run("approval", "give", id, as: "okan").out.contains(#""state":"done""#))
        #expect(try office.creditNotes() == 1)
        // Whoever asked gets the first outcome by the same id.
        let again = try credit()
        #expect(again.status == 0 && again.out.contains(#""gross":"-225.54""#), "\(again.out)")
        #expect(try office.creditNotes() == 1)

        struct History: Decodable {
            struct Item: Decodable { let command, actor: String, approved_by: String? }
            let items: [Item]
        }
        let history = try office.run("history").out
        let items = try JSONDecoder().decode(History.self, from: Data(history.utf8)).items
        let carried = try #require(items.first { $0.command == "c-1" })
        #expect(carried.actor == "ines" && carried.approved_by == "okan")
        for kind in ["approval.ask", "approval.give", "approval.end"] { #expect(history.contains(kind)) }
        #expect(try office.run("verify").status == 0)
    }

    @Test("two people agree at once, and it is done once", arguments: ["sqlite", "postgres"])
    func atOnce(engine: String) async throws {
        let office = try await Office(engine)
        let id = try office.id(
            try office.run(
                "cash", "write-off", "--invoice", "ALT-9", "--amount", "60", "--reason", "uncollectible", as: "ines"))
        #expect(try office.open("ALT-9") == "250.00")
        let answers = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { turn in
            let done = try? office.run("approval", "give", id, as: turn.isMultiple(of: 2) ? "okan" : "ruben")
            answers.withLock { $0.append("\(done?.status ?? -1) \(done?.out ?? "") \(done?.error ?? "")") }
        }
        for answer in answers.withLock({ $0 }) {
            #expect(answer.hasPrefix("0 ") && answer.contains(#""state":"done""#), "\(answer)")
        }
        #expect(try office.open("ALT-9") == "190.00")
        let told = try office.run("event", "list").out
        #expect(told.matches(of: /"kind":"approval.end"/).count == 1 && told.matches(of: /"approval.give"/).count == 1)
        #expect(try office.run("verify").status == 0)
    }

    @Test(
        "refused with a reason, withdrawn by the asker, refused by books that changed meanwhile",
        arguments: ["sqlite", "postgres"])
    func ends(engine: String) async throws {
        let office = try await Office(engine)
        func writeOff(_ amount: String, _ id: String) throws -> FedProgram {
            try office.run(
                "cash", "write-off", "--invoice", "ALT-9", "--amount", amount, "--reason", "uncollectible", "--id", id,
                as: "ines")
        }
        // Below the limit it is done at once.
        #expect(try writeOff("50", "w-0").out.contains(#""writeoff":"50.00""#))
        let (first, second, third) = (
            try office.id(try writeOff("60", "w-1")), try office.id(try writeOff("61", "w-2")),
            try office.id(try writeOff("180", "w-3"))
        )
        let refused = try office.run("approval", "refuse", first, "--reason", "Erst anrufen", as: "ruben")
        #expect(refused.status == 0 && refused.out.contains(#""reason":"Erst anrufen""#), "\(refused.out)")
        #expect(try office.run("approval", "give", first, as: "okan").out.contains("approval.decided-already"))
        #expect(try writeOff("60", "w-1").out.contains("approval.decided-already"))

        #expect(try office.run("approval", "withdraw", second, as: "okan").out.contains("approval.not-the-asker"))
        #expect(try office.run("approval", "withdraw", second, as: "ines").out.contains(#""state":"withdrawn""#))

        // Whoever sits at the machine gives the rest up meanwhile.
        let meanwhile = try office.run(
            "cash", "write-off", "--invoice", "ALT-9", "--amount", "100", "--reason", "uncollectible")
        #expect(meanwhile.status == 0, "\(meanwhile.out)")
        let failed = try office.run("approval", "give", third, as: "okan")
        #expect(failed.status == 1 && failed.out.contains(#""state":"failed""#), "\(failed.out) \(failed.error)")
        let shown = try office.run("approval", "list", "--state", "decided").out
        #expect(shown.contains(#""refusal":[{"code":""#) && shown.contains(#""reason":"Erst anrufen""#), "\(shown)")
        #expect(try office.open("ALT-9") == "100.00")
        // Sales sees that something waited, and not what.
        #expect(try !office.run("approval", "list", as: "maren").out.contains("Erst anrufen"))
        #expect(try office.run("verify").status == 0)
    }

    @Test("a bank account of ours is never one person's word, and stands nowhere in the open meanwhile")
    func account() async throws {
        let office = try await Office("sqlite")
        let iban = "NL91ABNA0417164300"
        let add = try office.run("seller", "add-account", "DE", iban, "--id", "a-1", as: "ruben")
        let waits = try office.waiting(add)
        #expect(waits["amount"] is NSNull && waits["roles"] as? [String] == ["administrator", "finance", "manager"])
        let id = try #require(waits["approval"] as? String)
        for name in [office.books, office.books + "-wal"] {
            guard let bytes = FileManager.default.contents(atPath: name) else { continue }
            #expect(bytes.range(of: Data(iban.utf8)) == nil, "the account stands in \(name)")
        }
        #expect(try office.run("approval", "list", as: "okan").out.contains(iban))
        #expect(try !office.run("approval", "list", as: "maren").out.contains(iban))
        #expect(try office.run("approval", "give", id, as: "ruben").out.contains("approval.own-request"))
        // Whoever asked was shut out meanwhile.
        #expect(try office.run("user", "disable", "ruben").status == 0)
        #expect(try office.run("approval", "give", id, as: "okan").out.contains("approval.asker-gone"))
        #expect(try office.run("user", "enable", "ruben").status == 0)
        #expect(try office.run("approval", "give", id, as: "okan").out.contains(#""state":"done""#))
        #expect(try office.run("seller", "show", "DE").out.contains(iban))
        // The events, kept for ever, hold no account.
        #expect(try !office.run("history").out.contains(iban))
        #expect(try office.run("verify").status == 0)
    }

    @Test("taking an issued invoice back is a credit note in full, and waits like one")
    func takenBack() async throws {
        struct History: Decodable {
            struct Item: Decodable { let command, kind: String }
            let items: [Item]
        }
        let office = try await Office("sqlite")
        let history = try office.run("history", "--document", "RE-2026-0001").out
        let items = try JSONDecoder().decode(History.self, from: Data(history.utf8)).items
        let issue = try #require(items.first { $0.kind == "invoice.issue" }, "\(history)").command
        func undo() throws -> FedProgram { try office.run("undo", issue, "--id", "u-1", as: "ines") }
        let id = try office.id(try undo())
        #expect(try office.id(try undo()) == id)
        #expect(try office.creditNotes() == 0)
        let done = try office.run("approval", "give", id, as: "okan")
        #expect(done.out.contains(#""state":"done""#), "\(done.out) \(done.error)")
        #expect(try office.creditNotes() == 1)
        #expect(try office.run("verify").status == 0)
    }

    @Test("another currency counts at the rate of the day, and limits are the administrator's to set")
    func limits() async throws {
        let office = try await Office("sqlite")
        func file(_ name: String, _ text: String) throws -> String {
            let file = try TestFolder.fresh().appendingPathComponent(name)
            try text.write(to: file, atomically: true, encoding: .utf8)
            return file.path
        }
        for (kind, text) in [
            ("exchange-rates", "currency,home_currency,day,rate\nUSD,EUR,2026-03-20,2\nUSD,EUR,2026-03-30,2\n"),
            ("customers", "customer_id,name,country,currency\nK3,Tern Inc,US,USD\n"),
            (
                "invoices",
                "invoice_no,type,customer_id,issue_date,due_date,currency,gross\nALT-10,invoice,K3,2026-03-20,2026-04-20,USD,250.00\n"
            ),
        ] {
            let done = try office.run("import", kind, try file("\(kind).csv", text))
            #expect(done.status == 0, "\(done.out) \(done.error)")
        }
        func writeOff(_ amount: String, by user: String) throws -> String {
            try office.run(
                "cash", "write-off", "--invoice", "ALT-10", "--amount", amount, "--reason", "uncollectible", as: user
            ).out
        }
        // 24 USD are 48 EUR, 30 USD are 60 EUR; a coordinator decides about 50 EUR.
        #expect(try writeOff("24", by: "ines").contains(#""writeoff":"24.00""#))
        #expect(try writeOff("30", by: "ines").contains(#""waits""#))
        for wrong in ["-5", "1.5", "viel"] {
            let refused = try office.run("approval", "limit", "cash write-off", "coordinator", "--alone=\(wrong)")
            #expect(refused.out.contains("approval.bad-limit"), "\(refused.out)")
        }
        #expect(try office.run("approval", "limit", "bill", "manager", "--alone", "5").out.contains("no-such-rule"))
        let dry = try office.run("approval", "limit", "cash write-off", "coordinator", "--alone", "60", "--dry-run")
        #expect(dry.status == 0)
        #expect(try writeOff("30", by: "ines").contains(#""waits""#))
        #expect(try office.run("approval", "limit", "cash write-off", "coordinator", "--alone", "60").status == 0)
        #expect(try writeOff("30", by: "ines").contains(#""writeoff":"30.00""#))
        #expect(try office.run("user", "acts").out.contains("limit set"))
        let all = try office.run("approval", "limits").out
        #expect(
            all.contains(
                #"{"agrees":"none","alone":"60","default":false,"role":"coordinator","rule":"cash write-off"}"#))
        // Where no role agrees to as much, nothing waits for ever.
        for role in ["manager", "finance"] {
            _ = try office.run("approval", "limit", "cash write-off", role, "--agrees", "70")
        }
        #expect(try writeOff("100", by: "ines").contains("access.beyond-limit"))
    }
}
