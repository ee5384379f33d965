import Access
import AccessDesk
import Database
import Foundation
import Ledger
import Money
import TestSupport
import Testing
import Web
import Workspace

@testable import duly

extension FrontDoor {
    /// The door of an office that has something to give away, with a user of every role.
    static func office(_ engine: Engine) async throws -> FrontDoor {
        let books =
            engine == .sqlite ? CommandLineTests.books() : try await TestDatabases.freshServerDatabase()
        _ = try ServeTests.office(in: books)
        let database: any Database =
            engine == .sqlite ? try SQLiteDatabase(path: books) : PostgresDatabase(url: books, connections: 4)
        return try await FrontDoor(books, database)
    }

    private init(_ books: String, _ database: any Database) async throws {
        self.database = database
        desk = AccessDesk(
            database, hasher: PasswordHasher(), vault: nil, clock: Common.clock, chance: Common.chance)
        for role in Role.allCases {
            try await desk.add(
                NewUser(name: role.rawValue, role: role.rawValue), password: Self.password, by: "test")
        }
        gate = Gate(desk: desk, isOpen: false)
        let source = WorkspaceBooks(database: database, url: books, day: { _ in Day("2026-03-31")! })
        site = DulySite.site(source, gate: gate, rate: 0)
    }
}

/// The second person on the screen and by the API.
@Suite("The second person, on the page", .timeLimit(.minutes(10))) struct ApprovalPageTests {
    /// Sends the form of a command as a page does.
    private static func send(
        _ command: String, _ fields: [(String, String)], _ cookie: String, at page: String = "/approvals",
        _ door: FrontDoor
    ) async -> FrontDoor.Answer {
        let token = FrontDoor.token(in: await door.get("/settings", cookie: cookie).text)
        return await door.post(
            "/do/" + command.replacing(" ", with: "/"), cookie: cookie,
            [("_token", token), ("_id", "form-\(UUID().uuidString)"), ("_back", page)] + fields,
            [("Sec-Fetch-Site", "same-origin")])
    }

    @Test("asked from a form, read by who may, agreed to on the page", arguments: FrontDoor.engines)
    func page(engine: Engine) async throws {
        let door = try await FrontDoor.office(engine)
        let (coordinator, manager) = (try await door.enter("coordinator"), try await door.enter("manager"))
        let administrator = try await door.enter("administrator")
        let set = await Self.send(
            "approval limit", [("rule", "invoice credit"), ("role", "coordinator"), ("alone", "200")], administrator,
            door)
        #expect(set.status == 303, "\(set.text)")

        let asked = await Self.send(
            "invoice credit", [("number", "RE-2026-0001"), ("reason", "Bruch <7>")], coordinator,
            at: "/invoices/RE-2026-0001", door)
        #expect(asked.status == 303, "\(asked.text)")
        let back = try #require(asked.header("Location"))
        #expect(back.hasPrefix("/invoices/RE-2026-0001?done="))
        let told = await door.get(back, cookie: coordinator)
        #expect(told.text.contains("Nothing was booked") && told.text.contains("waits for a second person"))
        #expect(!told.text.contains("Issued RE-"))
        let id = try #require(back.split(separator: "=").last.map(String.init))

        // Whoever asked may withdraw, and not agree; whoever may decide sees all of it.
        let own = await door.get("/approvals", cookie: coordinator).text
        #expect(own.contains("/do/approval/withdraw") && !own.contains("/do/approval/give"))
        let read = await door.get("/approvals", cookie: manager).text
        #expect(read.contains("Bruch &lt;7&gt;") && read.contains("/do/approval/give") && read.contains("225.54"))
        #expect(await door.get("/approvals?lang=de", cookie: manager).text.contains("Freigeben und ausführen"))
        for role in ["sales", "auditor"] {
            let seen = await door.get("/approvals", cookie: try await door.enter(role)).text
            #expect(seen.contains("225.54") && !seen.contains("Bruch"), "\(role)")
            #expect(!seen.contains("/do/approval/"), "\(role)")
        }
        // It stands on the first page of whoever decides, and of nobody else.
        #expect(await door.get("/", cookie: manager).text.contains("/approvals#\(id)"))
        #expect(await !door.get("/", cookie: coordinator).text.contains("/approvals#"))

        for cookie in [coordinator, administrator] {
            let refused = await Self.send("approval give", [("approval", id)], cookie, door)
            #expect(refused.status == 403 || refused.status == 422, "\(refused.status)")
        }
        let unsaid = await Self.send("approval refuse", [("approval", id)], manager, door)
        #expect(unsaid.status == 422)
        let given = await Self.send("approval give", [("approval", id)], manager, door)
        #expect(given.status == 303 && given.header("Location")?.hasPrefix("/approvals?done=") == true, "\(given.text)")
        let after = await door.get("/approvals", cookie: manager).text
        #expect(after.contains("Decided lately") && !after.contains("/do/approval/give"))
        let invoice = await door.get("/invoices/RE-2026-0001", cookie: manager)
        #expect(invoice.text.contains("RE-2026-0002"))
        // Sent twice, it is done once.
        #expect(await Self.send("approval give", [("approval", id)], manager, door).status == 303)
        #expect(await door.get("/invoices/RE-2026-0003", cookie: manager).status == 404)
    }

    @Test("a program asks, is told 202, and never agrees")
    func program() async throws {
        let door = try await FrontDoor.office(.sqlite)
        func token(_ user: String) async throws -> (String, String) {
            let made = try await door.desk.createToken(
                of: user, called: "till", scopes: ["cash", "admin"], days: 9, by: "test")
            return ("Authorization", "Bearer \(made.secret.text)")
        }
        let (asker, decider) = (try await token("coordinator"), try await token("manager"))
        let json = ("Accept", "application/json")
        let fields = [("invoice", "ALT-9"), ("amount", "60"), ("reason", "uncollectible")]
        let asked = await door.post("/api/v1/cash/write-off", fields, [asker, json, ("Idempotency-Key", "till-1")])
        #expect(asked.status == 202 && asked.text.contains(#"{"waits":{"#), "\(asked.text)")
        let place = try #require(asked.header("Location"))
        let id = try #require(place.split(separator: "#").last.map(String.init))
        let again = await door.post("/api/v1/cash/write-off", fields, [asker, json, ("Idempotency-Key", "till-1")])
        #expect(again.text == asked.text)
        let refused = await door.post("/api/v1/approval/give", [("approval", id)], [decider, json])
        #expect(refused.status == 422 && refused.text.contains("approval.no-program"), "\(refused.text)")
        let list = await door.get("/api/v1/approval/list?state=open", [decider, json])
        #expect(list.status == 200 && list.text.contains(id))
        #expect(await door.get("/api/approvals", [asker, json]).text.contains("\"may_decide\":false"))
    }
}
