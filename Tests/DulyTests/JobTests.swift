import Books
import Database
import Dispatch
import Foundation
import Ledger
import Money
import TestOffice
import TestSupport
import Testing
import Web
import Workspace

@testable import duly

/// Long work from pages and the API: it goes on by itself, says how far it is, and ends as if it had been waited for.
@Suite("Jobs")
struct JobTests {
    /// What the pages over a company's books answer.
    struct Pages {
        let company: Company
        let source: WorkspaceBooks
        let site: Site

        init(_ engine: Engine) async throws {
            company = try await Company.stocked(engine)
            try await company.order("O1 1 C-1 2026-01-05 BOLT 10")
            source = WorkspaceBooks(database: company.database, url: company.url, day: { _ in Day("2026-03-02")! })
            site = DulySite.site(source, gate: nil, rate: 0)
        }

        func get(_ target: String) async -> WebResponse { await site.respond(method: "GET", target: target) }

        func post(
            _ target: String, _ body: String, type: String = "application/x-www-form-urlencoded",
            _ headers: (String, String)...
        ) async
            -> WebResponse
        {
            await site.respond(
                method: "POST", target: target, headers: [("Content-Type", type)] + headers.map { ($0.0, $0.1) },
                body: WebBody(Array(body.utf8)))
        }

        /// Runs the body while jobs are worked on and while nobody else can write to the books; `free` lets others write.
        func whileLocked(_ body: @escaping @Sendable (_ free: @Sendable () -> Void) async throws -> Void) async throws {
            let (source, company) = (source, company)
            let locked = AsyncStream.makeStream(of: Void.self)
            let release = DispatchSemaphore(value: 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await source.jobs.work() }
                group.addTask {
                    try await company.database.transaction(isolation: .readCommitted) { transaction in
                        switch transaction.engine {
                        case .sqlite: try transaction.script("UPDATE book_clocks SET revision = revision + 1")
                        case .postgres: try transaction.script("LOCK TABLE commands IN EXCLUSIVE MODE")
                        }
                        locked.continuation.yield()
                        release.wait()
                    }
                }
                for await _ in locked.stream { break }
                while await !source.jobs.isWorking { await Task.yield() }
                do { try await body { release.signal() } } catch {
                    release.signal()
                    throw error
                }
                group.cancelAll()
            }
        }
    }

    /// It was waited for where it should not have been, or the other way round.
    struct Otherwise: Error {}

    static func text(_ response: WebResponse) -> String { String(decoding: response.body, as: UTF8.self) }

    @Test("a page that was left finds its answer later, as it would have been at once", arguments: Company.engines)
    func page(engine: Engine) async throws {
        let pages = try await Pages(engine)
        try await pages.whileLocked { free in
            let sent = await pages.post("/do/bill", "through=2026-01-31&_id=web-1&_back=%2Fcommands%3Fx%3D1")
            #expect(sent.status == 303, "\(Self.text(sent))")
            let place = try #require(sent.header("Location"))
            #expect(place.hasPrefix("/jobs/"))
            let under = await pages.get(place)
            #expect(under.status == 200 && under.header("Refresh") == "2")
            #expect(Self.text(under).contains("<progress") && Self.text(under).contains("bill"))
            #expect(Self.text(await pages.get(place + "?lang=de")).contains("läuft weiter"))
            free()
            var answer = await pages.get(place)
            while answer.status == 200 {
                await Task.yield()
                answer = await pages.get(place)
            }
            #expect(answer.status == 303 && answer.header("Location") == "/commands?x=1&done=web-1")
            #expect(Self.text(await pages.get("/commands?x=1&done=web-1")).contains("1 drafts, 0 issued"))
            // Once more, as after a reload.
            #expect(await pages.get(place).header("Location") == "/commands?x=1&done=web-1")
        }
    }

    @Test("the API answers 202 and then, at the job's address, as it would have at once", arguments: Company.engines)
    func api(engine: Engine) async throws {
        let pages = try await Pages(engine)
        try await pages.whileLocked { free in
            let sent = await pages.post(
                "/api/v1/bill", "{\"through\":\"2026-01-31\",\"id\":\"api-1\"}", type: "application/json",
                ("Prefer", "respond-async, wait=10"))
            #expect(sent.status == 202 && sent.header("Preference-Applied") == "respond-async")
            let place = try #require(sent.header("Location"))
            let under = await pages.get(place)
            #expect(under.status == 200 && under.header("Duly-Job") == "running")
            #expect(Self.text(under).contains("\"state\":\"running\""))
            free()
            var answer = await pages.get(place)
            while answer.header("Duly-Job") == "running" {
                await Task.yield()
                answer = await pages.get(place)
            }
            #expect(answer.status == 200 && answer.header("Duly-Job") == "done")
            #expect(Self.text(answer).contains("\"drafts\":1"))
            #expect(await pages.get("/api/jobs/nobody").status == 404)
            let bad = await pages.post(
                "/api/v1/bill", "{\"through\":\"soon\"}", type: "application/json", ("Prefer", "respond-async"))
            let told = try #require(bad.header("Location"))
            answer = await pages.get(told)
            while answer.header("Duly-Job") == "running" {
                await Task.yield()
                answer = await pages.get(told)
            }
            #expect(answer.status == 400)
        }
    }

    @Test("where nothing works beside the pages, they wait for the command", arguments: Company.engines)
    func inline(engine: Engine) async throws {
        let pages = try await Pages(engine)
        let sent = await pages.post("/do/bill", "through=2026-01-31&_id=web-1")
        #expect(sent.status == 303 && sent.header("Location") == "/commands/bill?done=web-1")
        let api = await pages.post(
            "/api/v1/bill", "{\"through\":\"2026-02-28\"}", type: "application/json", ("Prefer", "respond-async"))
        #expect(api.status == 200)
    }

    @Test("progress is told to the owner alone, and no more work is taken than can be borne", .timeLimit(.minutes(10)))
    func progress() async throws {
        let jobs = Jobs()
        let plain = WebResponse(type: "text/plain", body: Array("done".utf8))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await jobs.work() }
            let (wait, go) = AsyncStream<Void>.makeStream()
            while await !jobs.isWorking { await Task.yield() }
            let started = try await jobs.start("bill", owner: "ines", patience: .zero) {
                Jobs.progress?("bill DE", 30, 120)
                for await _ in wait {}
                return plain
            }
            guard case .underWay(let id) = started else { throw Otherwise() }
            while try await jobs.look(id, owner: "ines").view.done < 30 { await Task.yield() }
            let view = try await jobs.look(id, owner: "ines").view
            #expect(view.what == "bill DE" && view.of == 120 && view.command == "bill")
            await #expect(throws: WebProblem.noJob) { _ = try await jobs.look(id, owner: "eve") }
            // A stream ends for all who listen, but one at a time may listen to each.
            let others = (1..<Jobs.mostAtOnce).map { _ in AsyncStream<Void>.makeStream() }
            for other in others {
                _ = try await jobs.start("bill", owner: "ines", patience: .zero) {
                    for await _ in other.stream {}
                    return plain
                }
            }
            await #expect(throws: WebProblem.tooManyJobs) {
                _ = try await jobs.start("bill", owner: "ines", patience: .zero) { plain }
            }
            go.finish()
            for other in others { other.continuation.finish() }
            while try await jobs.look(id, owner: "ines").answer == nil { await Task.yield() }
            #expect(try await jobs.look(id, owner: "ines").answer?.body == plain.body)
            // What is thrown late is thrown to whoever asks; what ends in time is answered at once.
            let bad = try await jobs.start("bill", owner: "ines", patience: .zero) { throw WebProblem.notFound }
            guard case .underWay(let failed) = bad else { throw Otherwise() }
            await #expect(throws: WebProblem.notFound) {
                while try await jobs.look(failed, owner: "ines").answer == nil { await Task.yield() }
            }
            guard case .done(let quick) = try await jobs.start("bill", owner: "ines", patience: .seconds(60), { plain })
            else { throw Otherwise() }
            #expect(quick.body == plain.body)
            group.cancelAll()
        }
    }
}
