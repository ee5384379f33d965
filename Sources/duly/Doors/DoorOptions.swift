import AccessDesk
import ArgumentParser
import Database
import Ledger

/// How `duly serve` lets people in.
struct DoorOptions: ParsableArguments {
    @Flag(help: "While nobody is set up, let whoever sits at this machine do everything.") var open = false
    @Flag(help: "A proxy in front encrypts: believe what it says in X-Forwarded-For and X-Forwarded-Proto.")
    var behindProxy = false

    @Option(
        name: .customLong("public-name"),
        help:
            "A name that this server goes by, such as duly.firma.example; requests to others are refused. May be repeated."
    )
    var names: [String] = []

    /// nil: on loopback the names of this machine, else any.
    var hosts: Set<String>? {
        names.isEmpty ? nil : Set(names.map { $0.lowercased() }).union(["127.0.0.1", "localhost", "::1"])
    }

    func gate(_ common: Common, _ database: any Database, host: String, isTLS: Bool = false) async throws -> Gate {
        if open, !["127.0.0.1", "localhost", "::1"].contains(host) { throw OpenRefusal(host: host) }
        let desk = AccessDesk(
            database, hasher: PasswordHasher(), vault: try? common.vault(), clock: Common.clock, chance: Common.chance)
        return Gate(desk: desk, isOpen: open, isTLS: isTLS, isBehindProxy: behindProxy)
    }
}

/// Why books are not served to everybody.
struct OpenRefusal: Refusal {
    let host: String
    var code: String { "access.open-to-all" }
    var what: String { "The books are not served." }
    var why: String { "--open lets in everybody who reaches \(host), not only whoever sits at this machine." }
    var next: String { "Leave --open out and sign in, or leave --host out." }
}

extension Gate {
    /// Said where the server was started: whoever reads it may set up the first user.
    func announceSetUp() async {
        guard !isOpen, let isSetUp = try? await desk.hasUsers(), !isSetUp else { return }
        Answer.say("Nobody can sign in yet. Open /setup there; the code is \(setUpCode)")
    }
}
