import Books
import Database
import Foundation
import Ledger
import Money
import TestOffice
import TestSupport
import Testing
import Web

@testable import duly

/// The test clock of example books: time goes forward for the whole server, and what a new day brings is shown.
@Suite("The test clock")
struct ClockTests {
    static func site(_ company: Company) async throws -> Site {
        let clock = try await DemoClock(company.database)
        let today = Day("2026-02-01")!
        return DulySite.site(
            WorkspaceBooks(
                database: company.database, url: company.url, day: clock.over { _ in today }, clock: clock), gate: nil,
            rate: 0)
    }

    static func get(_ site: Site, _ target: String = "/settings/clock") async -> (status: Int, text: String) {
        let answer = await site.respond(method: "GET", target: target)
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    static func move(_ site: Site, _ fields: String) async -> (status: Int, text: String) {
        let answer = await site.respond(
            method: "POST", target: "/settings/clock",
            headers: [("Content-Type", "application/x-www-form-urlencoded")], body: WebBody(Array(fields.utf8)))
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }

    @Test("real books have no such page", arguments: Company.engines)
    func real(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        let site = try await Self.site(company)
        #expect(await Self.get(site).status == 404)
        #expect(await Self.move(site, "step=day").status == 404)
        #expect(try await company.rows("SELECT name FROM settings").isEmpty)
    }

    @Test(
        "a day, a week, a month's end and a day of choice, never back, kept over a restart", arguments: Company.engines)
    func moves(engine: Engine) async throws {
        let company = try await Company.stocked(engine)
        // Due on 4 February; the second order is delivered while the clock runs.
        try await company.order("O1 1 C-1 2026-01-05 BOLT 10")
        try await company.bill(through: "2026-01-31", today: "2026-02-01")
        try await company.order("O2 1 C-1 2026-02-05 BOLT 4")
        try await DemoClock.mark(company.database, at: company.now())
        let site = try await Self.site(company)
        #expect(await Self.get(site).text.contains("1 February 2026"))
        #expect(await Self.get(site, "/settings/clock?lang=de").text.contains("Probeuhr"))
        #expect(await Self.move(site, "step=day").status == 303)
        #expect(await Self.get(site).text.contains("2 February 2026"))
        #expect(await Self.get(site).text.contains("nothing new"))
        #expect(await Self.move(site, "step=week").status == 303)
        let week = await Self.get(site).text
        #expect(week.contains("9 February 2026") && week.contains("1 drafts, 0 issued"))
        #expect(week.contains("new on the worklist"))
        #expect(try await company.rows("SELECT day FROM drafts") == [["2026-02-05"]])
        for (fields, code) in [
            ("step=day-given&day=2026-02-09", "not later than"), ("step=day-given&day=2025-12-31", "not later than"),
            ("step=day-given&day=soon", "is no day"), ("step=day-given&day=2031-01-01", "more than 366 days"),
            ("step=back", "is no day"),
        ] {
            let answer = await Self.move(site, fields)
            #expect(answer.status == 422 && answer.text.contains(code), "\(fields): \(answer.status)")
        }
        #expect(await Self.get(site).text.contains("9 February 2026"))
        #expect(await Self.move(site, "step=month-end").status == 303)
        #expect(await Self.move(site, "step=day-given&day=2026-03-15").status == 303)
        // Another server over the same books, and its pages: the day is theirs, too.
        let again = try await Self.site(company)
        #expect(await Self.get(again).text.contains("15 March 2026"))
        #expect(await Self.get(again, "/today.json").text.contains("\"day\":\"2026-03-15\""))
        let late = try await DemoClock(company.database)
        try await late.advance(to: Day("2026-03-01")!, in: company.database, at: company.now())
        #expect(try await company.rows("SELECT value FROM settings WHERE name = 'today'") == [["2026-03-15"]])
    }

    @Test("the books that 'duly demo' makes are marked")
    func demo() async throws {
        let books = try TestDatabases.freshFile()
        let made = try Program.run(
            ["demo", "--customers", "3", "--orders", "10", "--until", "2026-03-31"], books: books,
            keyFile: books + ".key")
        #expect(made.status == 0, "\(made.error)")
        let database = try SQLiteDatabase(path: books)
        #expect(try await DemoClock(database).isDemo)
    }
}
