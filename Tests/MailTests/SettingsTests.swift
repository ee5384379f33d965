import Foundation
import Mail
import Testing

@Suite("The address of a mail server")
struct SettingsTests {
    @Test(
        "is read with its defaults",
        arguments: [
            ("smtp://mail.example", "mail.example", 587, .startTLS),
            ("smtp://mail.example/", "mail.example", 587, .startTLS),
            ("SMTPS://mail.example", "mail.example", 465, .implicit),
            ("smtp://mail.example?tls=none", "mail.example", 25, .none),
            ("smtp://mail.example:2525?tls=none", "mail.example", 2525, .none),
            ("smtp://mail.example:2525/?tls=required", "mail.example", 2525, .startTLS),
            ("smtp://[2001:db8::1]:2525", "2001:db8::1", 2525, .startTLS), ("smtp://[::1]", "::1", 587, .startTLS),
        ] as [(String, String, Int, SMTPSettings.Security)])
    func read(url: String, host: String, port: Int, security: SMTPSettings.Security) throws {
        let settings = try SMTPSettings(url)
        #expect(settings.host == host)
        #expect(settings.port == port)
        #expect(settings.security == security)
        #expect(settings.user == nil)
    }

    @Test("carries user, password, authority and patience")
    func parts() throws {
        let settings = try SMTPSettings(
            "smtp://jana%40seller.example:a%2Fb%3F%40c:d@mail.example?ca=%2Fetc/own@home.pem&timeout=20")
        #expect(settings.user == "jana@seller.example")
        #expect(settings.password == Secret("a/b?@c:d"))
        #expect(settings.certificateFile == "/etc/own@home.pem")
        #expect(settings.messageMilliseconds == 20_000)
    }

    @Test(
        "is refused where it is wrong, and tells no password",
        arguments: [
            ("http://mail.example", "scheme"), ("mail.example:25", "scheme"), ("smtp://", "host"),
            ("smtp://mail example", "host"),
            ("smtp://mail.example/inbox", "host"), ("smtp://mail.example:0", "port"),
            ("smtp://mail.example:70000", "port"),
            ("smtp://user:topsecret", "port"), ("smtp://user:topsecret?more@mail.example", "port"),
            ("smtp://mail.example?tls=maybe", "tls"), ("smtps://mail.example?tls=none", "tls"),
            ("smtp://mail.example?tsl=none", "tsl"),
            ("smtp://mail.example?timeout=0", "timeout"), ("smtp://mail.example?ca=", "ca"),
            ("smtp://user@mail.example", "password"),
            ("smtp://:topsecret@mail.example", "user"), ("smtp://user:topsecret%0A@mail.example", "password"),
            ("smtp://user:topsecret@mail.example?tls=none", "tls"),
        ])
    func wrong(url: String, field: String) {
        let problem = #expect(throws: SMTPSettingsProblem.self) { try SMTPSettings(url) }
        #expect(problem?.field == field)
        #expect(problem.map { !"\($0)".contains("topsecret") } == true)
    }

    @Test("leaves the password to a file or the environment, but only to one of them")
    func password() throws {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("duly-password-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try "from file \n".write(to: file, atomically: true, encoding: .utf8)
        let fromFile = ["DULY_SMTP_PASSWORD_FILE": file.path]
        let inline = ["DULY_SMTP_PASSWORD": "inline"]
        #expect(try SMTPSettings("smtp://u@mail.example", environment: fromFile).password == Secret("from file "))
        #expect(try SMTPSettings("smtp://u@mail.example", environment: inline).password == Secret("inline"))
        #expect(try SMTPSettings("smtp://mail.example", environment: inline).password == nil)
        #expect(throws: SMTPSettingsProblem.self) { try SMTPSettings("smtp://u:p@mail.example", environment: inline) }
        #expect(throws: SMTPSettingsProblem.self) {
            try SMTPSettings("smtp://u@mail.example", environment: inline.merging(fromFile) { one, _ in one })
        }
        #expect(throws: SMTPSettingsProblem.self) {
            try SMTPSettings("smtp://u@mail.example", environment: ["DULY_SMTP_PASSWORD_FILE": file.path + ".missing"])
        }
    }

    @Test("never shows the password when printed")
    func secret() throws {
        let settings = try SMTPSettings("smtp://user:topsecret@mail.example")
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(!"\(settings) \(String(reflecting: settings)) \(dumped)".contains("topsecret"))
    }
}
