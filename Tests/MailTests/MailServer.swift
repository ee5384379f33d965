import Foundation
import Host
import Mail

/// The real mail server of the tests, tools/mail_server.py, as a process of its own. It ends with this one.
final class MailServer: Sendable {
    let folder: URL
    /// In the order of `listen`.
    let ports: [Int]
    private let process: ChildProcess
    private let input: Pipe

    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    init(
        listen kinds: [String], mode: String = "accept", delay: Double = 3, user: String? = nil, password: String? = nil
    )
        throws
    {
        let python = try MailServer.python()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("duly-mail-\(UUID().uuidString)")
        process = ChildProcess()
        input = Pipe()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments =
            [try MailServer.script(), "--folder", folder.path, "--mode", mode, "--delay", "\(delay)", "--forget"]
            + kinds.flatMap { ["--listen", $0] } + (user.map { ["--user", $0] } ?? [])
            + (password.map { ["--password", $0] } ?? [])
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var line = Data()
        while line.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else {
                throw Unavailable(description: "tools/mail_server.py ended before it was ready")
            }
            line += more
        }
        ports = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        guard ports.count == kinds.count else { throw Unavailable(description: "the mail server named no port") }
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    var authority: String { folder.appendingPathComponent("ca.pem").path }

    func settings(_ index: Int = 0, query: String? = nil, login: String = "", scheme: String = "smtp") throws
        -> SMTPSettings
    {
        try SMTPSettings("\(scheme)://\(login)127.0.0.1:\(ports[index])?\(query ?? "ca=\(authority)")")
    }

    /// A row for each message the server took, in its order: number, Message-ID, sender, recipients, connection.
    var rows: [[String]] {
        let text = (try? String(contentsOf: folder.appendingPathComponent("accepted.tsv"), encoding: .utf8)) ?? ""
        return text.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
    }
    /// Message-IDs of what the server took.
    var accepted: [String] { rows.map { $0[1] } }

    /// The bytes as they arrived.
    func message(_ id: MessageID) throws -> [UInt8] {
        let number = accepted.firstIndex(of: id.description).map { $0 + 1 } ?? 0
        let name = String(repeating: "0", count: 6 - "\(number)".count) + "\(number).eml"
        return [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// The Python with aiosmtpd that ./test prepares.
    static func python() throws -> String {
        guard let python = ProcessInfo.processInfo.environment["DULY_TEST_PYTHON"] else {
            throw Unavailable(
                description: "DULY_TEST_PYTHON is not set; ./test prepares a Python with aiosmtpd and sets it")
        }
        return python
    }

    private static func script() throws -> String {
        // Tests/MailTests/MailServer.swift -> tools/mail_server.py
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.appendingPathComponent("tools/mail_server.py").path
    }
}

/// Short ways to the values that many tests need.
enum Sample {
    static func address(_ text: String) throws -> EmailAddress { try EmailAddress(text) }

    static func message(
        _ id: String, to: [String] = ["accounts@customer.example"], from: String = "billing@seller.example",
        subject: String = "Invoice RE-2026-000123", text: String = "Good day,\nplease find the invoice attached.\n",
        html: String? = nil, attachments: [Attachment] = []
    ) throws -> MailMessage {
        MailMessage(
            id: try MessageID(left: id, right: "seller.example"), date: MailDate(secondsSince1970: 1_795_577_124),
            from: Mailbox("Nordlicht Systeme GmbH", try EmailAddress(from)),
            to: try to.map { .mailbox(Mailbox(nil, try EmailAddress($0))) }, subject: subject, text: text, html: html,
            attachments: attachments)
    }
}
