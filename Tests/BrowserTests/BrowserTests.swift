import Foundation
import TestSupport
import Testing

/// The workspace as people and programs meet it: in a real Chromium, and through its published description. The looking is done by
/// the programs in tools/browser; here stand what they look at and what must come out.
@Suite("The workspace in a browser", .serialized)
struct BrowserTests {
    /// Everything is looked at in every combination, where time allows.
    static let isLong = ProcessInfo.processInfo.environment["DULY_LONG"] != nil

    @Test("every page is right in both themes, widths and languages, by axe and by keyboard", .timeLimit(.minutes(60)))
    func pages() async throws {
        let office = try await Office.example(customers: 12, orders: 120)
        defer { office.close() }
        var words = [office.address]
        if let folder = ProcessInfo.processInfo.environment["DULY_SCREENSHOTS"] { words += ["--screenshots", folder] }
        if Self.isLong { words.append("--thorough") }
        try await office.look("pages.py", words)
    }

    @Test("from the first file to the undo of a receipt", .timeLimit(.minutes(5)), arguments: ["mouse", "keyboard"])
    func path(hand: String) async throws {
        let office = try await Office.empty()
        defer { office.close() }
        try await office.look("path.py", [office.address, "--hand", hand])
    }

    @Test(
        "what others write never becomes script, header, path or formula, and no request is too much",
        .timeLimit(.minutes(5)))
    func attacks() async throws {
        let office = try await Office.empty(log: true)
        defer { office.close() }
        try await office.look("attack.py", [office.address, "--log", office.said.path])
    }

    @Test("many people in the same books: no error, no lost update", .timeLimit(.minutes(90)))
    func load() async throws {
        let office = try await Office.example(
            customers: Self.isLong ? 2_000 : 20, orders: Self.isLong ? 100_000 : 300)
        defer { office.close() }
        try await office.look(
            "../load/load.py",
            [
                office.address, "--users", Self.isLong ? "50" : "8", "--seconds", Self.isLong ? "600" : "6", "--day",
                Office.today,
            ])
    }

    @Test("the API answers nothing that its description does not say, and never breaks", .timeLimit(.minutes(10)))
    func contract() async throws {
        let office = try await Office.example(customers: 5, orders: 20)
        defer { office.close() }
        try await office.look(
            "-m",
            [
                "schemathesis.cli", "run", office.address + "api/openapi.json", "--checks",
                "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
                    + "response_headers_conformance",
                "--max-examples", Self.isLong ? "60" : "4", "--seed", "1", "--phases",
                Self.isLong ? "coverage,fuzzing" : "fuzzing",
                "--request-timeout", "30", "--no-shrink", "--continue-on-failure", "--suppress-health-check", "all",
                "--warnings", "off", "--workers", "2", "--no-color",
            ])
    }
}
