import Ledger
import Money
import Testing

@testable import Access

@Suite("Access: rules")
struct AccessRulesTests {
    // MARK: Permissions

    @Test(
        "who may what",
        arguments: [
            (Role.coordinator, "cash apply", true), (.coordinator, "period close", false),
            (.coordinator, "user add", false), (.coordinator, "reminder policy", false), (.sales, "cash apply", false),
            (.sales, "customer show", true), (.sales, "invoice drafts", false), (.sales, "dispute open", true),
            (.finance, "period close", true), (.finance, "reminder run", false), (.manager, "reminder policy", true),
            (.manager, "period close", false), (.auditor, "report aging", true), (.auditor, "report journal", true),
            (.sales, "report aging", true), (.sales, "report journal", false), (.auditor, "invoice issue", false),
            (.auditor, "user list", true), (.auditor, "user role", false), (.administrator, "user role", true),
        ] as [(Role, String, Bool)])
    func roles(role: Role, command: String, may: Bool) { #expect(Permissions.may(role, command) == may) }

    @Test("a command that is not in the table may be carried out by nobody")
    func unknown() {
        for role in Role.allCases {
            #expect(!Permissions.may(role, "cash teleport"))
            #expect(!Permissions.may(role, "cash"))
            #expect(!Permissions.may(role, ""))
        }
    }

    @Test("the auditor changes nothing: every command of theirs only reads")
    func auditor() {
        let reading = [
            "list", "show", "explain", "export", "drafts", "read", "why", "head", "views", "acts", "clashes",
            "limits",
        ]
        let single = ["search", "timeline", "worklist", "report", "verify", "history", "export"]
        for command in Permissions.commands where Permissions.may(.auditor, command) {
            let last = command.split(separator: " ").last.map(String.init) ?? ""
            let known =
                reading.contains(last) || single.contains(command) || command.hasPrefix("report ")
                || [
                    "price quote", "cash export-allocations", "audit check", "audit seal", "reminder preview",
                    "contact check", "interest compute",
                ].contains(command)
            #expect(known, "the auditor may \(command)")
        }
    }

    @Test(
        "a token does what its scopes and its user allow together",
        arguments: [
            (Role.manager, [Scope.read], "report aging", true), (.manager, [.read], "cash apply", false),
            (.manager, [.cash], "cash apply", true), (.manager, [.cash], "invoice show", true),
            (.manager, [.cash], "invoice issue", false), (.sales, [.cash, .bill, .admin], "cash apply", false),
            (.manager, [], "search", false), (.administrator, [.read, .bill, .cash, .collect], "user add", false),
        ] as [(Role, [Scope], String, Bool)])
    func scopes(role: Role, scopes: [Scope], command: String, may: Bool) {
        #expect(Permissions.may(role, Set(scopes), command) == may)
    }

    @Test("everyone's commands read, and every place asks for a command that is known")
    func places() {
        for path in [
            ["money"], ["api", "receipts"], ["settings", "users"], ["reports", "vat"], ["nowhere", "at", "all"],
        ] {
            #expect(Permissions.entry(for: Permissions.command(toSee: path)) != nil)
        }
        #expect(Permissions.command(toSee: ["api", "money", "7"]) == "cash list")
        #expect(Permissions.command(toSee: ["settings", "users", "invite"]) == "user list")
        for command in Permissions.commands where Permissions.may(.sales, command) && Permissions.may(.auditor, command)
        {
            #expect(Permissions.entry(for: command)?.scope == .read)
        }
    }

    // MARK: Amounts

    @Test(
        "above a limit a second person is needed",
        arguments: [
            (Role.coordinator, "cash write-off", 50_00, SecondPerson.Answer.alone),
            (.coordinator, "cash write-off", 50_01, .with([.manager, .finance])),
            (.coordinator, "cash write-off", -50_01, .with([.manager, .finance])),
            (.sales, "cash write-off", 1, .never), (.manager, "invoice credit", 25_000_00, .alone),
            (.manager, "invoice credit", 25_000_01, .with([.manager, .finance])),
            (.coordinator, "bill", 9_999_999_00, .alone),
            (.finance, "seller add-account", 0, .with([.manager, .finance, .administrator])),
            (.coordinator, "cash refund", 1, .with([.manager, .finance])),
        ] as [(Role, String, Int64, SecondPerson.Answer)])
    func limits(role: Role, command: String, minor: Int64, answer: SecondPerson.Answer) {
        #expect(SecondPerson.answer(command, of: Money(minor: minor, .eur), by: role) == answer)
    }

    @Test("limits count whole units, whatever decimals the currency has")
    func yen() {
        let yen = Currency("JPY")!
        #expect(SecondPerson.answer("cash write-off", of: Money(minor: 50, yen), by: .coordinator) == .alone)
        #expect(SecondPerson.answer("cash write-off", of: Money(minor: 51, yen), by: .coordinator) != .alone)
    }

    @Test("nobody is their own second person, and a program is nobody's")
    func second() {
        let first = Principal(user: 1, name: "ines", role: .manager)
        let other = Principal(user: 2, name: "okan", role: .manager)
        let program = Principal(user: 2, name: "okan", role: .manager, scopes: [.admin], token: 9)
        #expect(SecondPerson.mayAgree(other, to: "cash refund", askedBy: first))
        #expect(!SecondPerson.mayAgree(first, to: "cash refund", askedBy: first))
        #expect(!SecondPerson.mayAgree(program, to: "cash refund", askedBy: first))
        #expect(!SecondPerson.mayAgree(Principal(user: 3, name: "x", role: .sales), to: "cash refund", askedBy: first))
    }

    @Test("limits that were set hold in place of the defaults, for acting alone and for agreeing")
    func ownLimits() {
        var limits = ApprovalLimits.standard
        limits.set("invoice credit", .coordinator, .init(alone: .any, agrees: .any))
        limits.set("invoice credit", .finance, .init(alone: .none, agrees: .upTo(100)))
        func answer(_ minor: Int64, _ role: Role) -> SecondPerson.Answer {
            SecondPerson.answer("invoice credit", of: Money(minor: minor, .eur), by: role, limits: limits)
        }
        #expect(answer(9_999_999_00, .coordinator) == .alone)
        // Nothing alone, not even nothing; and a role that decides about no approval agrees to none, whatever was set.
        #expect(answer(0, .finance) == .with([.manager, .finance]))
        #expect(answer(100_00, .finance) == .with([.manager, .finance]))
        #expect(answer(100_01, .finance) == .with([.manager]))
        #expect(Bound("12") == .upTo(12) && Bound("none") == Bound.none && Bound("any") == .any)
        for wrong in ["", "-1", "1.5", "1e3", "9999999999999"] { #expect(Bound(wrong) == nil, "\(wrong)") }
        for bound in [Bound.none, .any, .upTo(7)] { #expect(Bound(bound.text) == bound) }
        #expect(Bound.upTo(Int64.max).reaches(Money(minor: Int64.max, .eur)))
    }

    @Test("of each state, role and person, what may be decided", arguments: Role.allCases)
    func decisions(role: Role) throws {
        let id = try #require(RecordID("0EK3A7Q2M1C01"))
        let (asker, other) = (
            Principal(user: 1, name: "ines", role: role), Principal(user: 2, name: "okan", role: role)
        )
        for rule in SecondPerson.commands {
            for state in Approval.State.allCases {
                let approval = Approval(
                    id: id, rule: rule, amount: Money(minor: 7_00, .eur), state: state,
                    asker: Principal(user: 1, name: "ines", role: .manager), askedBy: 1)
                func step(_ body: () throws -> Approval.Step) -> Approval.Step? { try? body() }
                let agrees = ApprovalLimits.standard.pair(rule, role).agrees == .any
                let given: [Approval.State: Approval.Step] = [
                    .waiting: .move(.agreed), .agreed: .carryOn, .done: .stands, .failed: .stands,
                ]
                // A manager does not add bank accounts of ours, so none of theirs is carried out.
                let isAllowed = state != .waiting || Permissions.may(.manager, rule)
                #expect(
                    step { try approval.give(by: other, limits: .standard) }
                        == (agrees && isAllowed ? given[state] : nil), "\(rule) \(state)")
                let refused: [Approval.State: Approval.Step] = [.waiting: .move(.refused), .refused: .stands]
                #expect(
                    step { try approval.refuse(by: other, limits: .standard) } == (agrees ? refused[state] : nil))
                let withdrawn: [Approval.State: Approval.Step] = [.waiting: .move(.withdrawn), .withdrawn: .stands]
                #expect(step { try approval.withdraw(by: asker) } == withdrawn[state])
                #expect(step { try approval.withdraw(by: other) } == nil)
                #expect(step { try approval.give(by: asker, limits: .standard) } == nil)
                #expect(step { try approval.refuse(by: asker, limits: .standard) } == nil)
            }
        }
        let gone = Approval(
            id: id, rule: "cash refund", amount: Money(minor: 1, .eur), state: .waiting, asker: nil, askedBy: 1)
        #expect(throws: AccessRefusal.self) {
            try gone.give(by: Principal(user: 2, name: "okan", role: .manager), limits: .standard)
        }
    }

    @Test("clashes name the roles that hold both sides, and the auditor holds none")
    func clashes() {
        for clash in Clash.all {
            #expect(clash.roles.contains { $0.role == .administrator })
            #expect(!clash.roles.contains { $0.role == .auditor || $0.role == .sales })
            for command in clash.first + clash.second { #expect(Permissions.entry(for: command) != nil, "\(command)") }
        }
        let money = Clash.all.first { $0.code == "accounts-and-money" }
        #expect(money?.roles.map(\.role) == [.finance, .administrator])
    }

    // MARK: Passwords

    @Test(
        "passwords: length and what everybody tries",
        arguments: [
            ("", ["access.short-password"]), ("kurzundgut", ["access.short-password"]),
            ("elf zeichen", ["access.short-password"]), ("zwei reiher im schilf", []), ("vier stille alte reiher", []),
            ("aaaaaaaaaaaaaaaa", ["access.obvious-password"]), ("abababababababab", ["access.obvious-password"]),
            ("passwordpassword", ["access.obvious-password"]), ("Passwort12345678", ["access.obvious-password"]),
            ("P@ssw0rd!2026!!", ["access.obvious-password"]), ("qwertzuiopasdf", ["access.obvious-password"]),
            ("123456789012", ["access.obvious-password"]), ("abcdefghijklmn", ["access.obvious-password"]),
            ("ines petersen 7 boats", ["access.password-holds-name"]),
            ("correct horse battery staple", ["access.obvious-password"]), ("žluťoučký kůň pěl", []),
        ] as [(String, [String])])
    func passwords(password: String, codes: [String]) {
        #expect(PasswordRule.problems(password, about: ["ines", "Ines Petersen"]).map(\.code) == codes)
    }

    @Test("a password may have 256 characters and not one more")
    func longest() {
        let long = String((0..<256).map { Character(Unicode.Scalar(0x4E00 + $0)!) })
        #expect(PasswordRule.problems(long).isEmpty)
        #expect(PasswordRule.problems(long + "x").map(\.code) == ["access.long-password"])
    }

    // MARK: Codes

    @Test(
        "time-based codes are those of RFC 6238, appendix B",
        arguments: [
            (59, "94287082", "46119246", "90693936"), (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"), (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"), (20_000_000_000, "65353130", "77737706", "47863826"),
        ] as [(Int64, String, String, String)])
    func totp(second: Int64, sha1: String, sha256: String, sha512: String) {
        let step = OneTimeCode.step(at: Instant(micro: second * 1_000_000))
        func code(_ hash: OneTimeCode.Hash, _ length: Int) -> String {
            let secret = Array("1234567890".utf8)
            let whole = (0..<length).map { secret[$0 % 10] }
            return OneTimeCode(secret: whole, hash: hash, digits: 8).code(of: step)
        }
        #expect(code(.sha1, 20) == sha1)
        #expect(code(.sha256, 32) == sha256)
        #expect(code(.sha512, 64) == sha512)
    }

    @Test("a code is good a step early and a step late, and never twice")
    func window() {
        let program = OneTimeCode(secret: Array("12345678901234567890".utf8))
        let now = Instant(micro: 1_700_000_000 * 1_000_000)
        let step = OneTimeCode.step(at: now)
        for near in step - 1...step + 1 { #expect(program.accepted(program.code(of: near), at: now, after: 0) == near) }
        for far in [step - 2, step + 2] { #expect(program.accepted(program.code(of: far), at: now, after: 0) == nil) }
        #expect(program.accepted(program.code(of: step), at: now, after: step) == nil)
        #expect(program.accepted("", at: now, after: 0) == nil)
        let typed = program.code(of: step)
        #expect(program.accepted("\(typed.prefix(3)) \(typed.suffix(3))", at: now, after: 0) == step)
    }

    @Test(
        "base 32 is that of RFC 4648, section 10",
        arguments: [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] as [(String, String)])
    func base32(plain: String, encoded: String) {
        #expect(Base32.encode(Array(plain.utf8)) == encoded)
        #expect(Base32.decode(encoded) == Array(plain.utf8))
        #expect(Base32.decode(encoded.lowercased() + "==") == Array(plain.utf8))
    }

    @Test("what is no base 32 is refused")
    func notBase32() { for text in ["1", "MZXW0", "ä", "MZ!Q"] { #expect(Base32.decode(text) == nil) } }

    @Test("recovery codes: ten, all different, read as people type them")
    func recovery() {
        var dice = SystemRandomNumberGenerator()
        let codes = RecoveryCodes.make { dice.next() }
        #expect(Set(codes).count == 10)
        #expect(codes.allSatisfy { $0.count == 19 })
        let typed = codes[0].lowercased().replacing("-", with: " ")
        #expect(RecoveryCodes.hash(typed, user: 7) == RecoveryCodes.hash(codes[0], user: 7))
        #expect(RecoveryCodes.hash(codes[0], user: 7) != RecoveryCodes.hash(codes[0], user: 8))
    }

    @Test("secrets have 256 bits, and their form token tells nothing about them")
    func secrets() {
        var next: UInt64 = 0
        let secret = Secret(prefix: "duly_") {
            next += 0x0101_0101_0101_0101
            return next
        }
        #expect(secret.text.count == 5 + 43 && secret.text.hasPrefix("duly_"))
        #expect(secret.hash.count == 64)
        #expect(!secret.formToken.contains(secret.text) && secret.formToken != Secret("other").formToken)
    }

    // MARK: Slowing down

    @Test(
        "attempts slow down and never lock for longer than a quarter of an hour",
        arguments: [
            (1, 0), (4, 0), (5, 2), (6, 4), (7, 8), (10, 64), (13, 512), (14, 900), (1_000_000, 900),
        ] as [(Int, Int64)])
    func throttle(failures: Int, seconds: Int64) {
        #expect(Throttle.waitMicro(after: failures, .name) == seconds * 1_000_000)
        #expect(Throttle.waitMicro(after: failures + 25, .address) == seconds * 1_000_000)
    }

    @Test("names to sign in with", arguments: ["ines", "Ines.Petersen", "i@firma.example", "üwe_2", "a+b"])
    func names(text: String) { #expect(SignInName(text)?.text == text.lowercased()) }

    @Test("what is no name", arguments: ["", " ", "a b", "a/b", "<b>", "a\nb", String(repeating: "x", count: 65)])
    func noNames(text: String) { #expect(SignInName(text) == nil) }
}
