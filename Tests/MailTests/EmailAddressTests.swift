import Mail
import Testing

@Suite("An e-mail address")
struct EmailAddressTests {
    @Test(
        "is taken as people write it",
        arguments: [
            ("jana@lindholt.example", "jana@lindholt.example"),
            ("  jana@lindholt.example ", "jana@lindholt.example"),
            ("Jana.Petersen+billing@Lindholt.Example", "Jana.Petersen+billing@lindholt.example"),
            ("o'neill_1@sub.lindholt.example", "o'neill_1@sub.lindholt.example"),
            ("\"jana petersen\"@lindholt.example", "\"jana petersen\"@lindholt.example"),
            ("\"a@b\\\"c\"@lindholt.example", "\"a@b\\\"c\"@lindholt.example"),
            ("rechnung@müller-söhne.example", "rechnung@xn--mller-shne-kcb9d.example"),
            ("rechnung@MÜLLER-SÖHNE.example", "rechnung@xn--mller-shne-kcb9d.example"),
            // A decomposed ü, as some file systems write it.
            ("rechnung@mu\u{308}ller-so\u{308}hne.example", "rechnung@xn--mller-shne-kcb9d.example"),
            ("info@bücher.example", "info@xn--bcher-kva.example"),
            ("info@straße.example", "info@xn--strae-oqa.example"),
            ("info@例え.テスト", "info@xn--r8jz45g.xn--zckzah"),
            ("info@例え。テスト", "info@xn--r8jz45g.xn--zckzah"),
            ("info@почта.рф", "info@xn--80a1acny.xn--p1ai"),
            ("info@παράδειγμα.δοκιμή", "info@xn--hxajbheg2az3al.xn--jxalpdlp"),
            ("info@xn--bcher-kva.example", "info@xn--bcher-kva.example"),
        ])
    func good(text: String, written: String) throws {
        #expect(try EmailAddress(text).description == written)
    }

    @Test(
        "is refused where no mail server would take it",
        arguments: [
            ("", .empty), ("   ", .empty), ("jana", .noAtSign), ("jana@@lindholt.example", .noAtSign),
            ("a@b@lindholt.example", .noAtSign), ("@lindholt.example", .localPart),
            ("jana.@lindholt.example", .localPart),
            (".jana@lindholt.example", .localPart), ("ja..na@lindholt.example", .localPart),
            ("jana petersen@lindholt.example", .localPart), ("Jana <jana@lindholt.example>", .localPart),
            ("jana,petersen@lindholt.example", .localPart), ("\"jana\"x\"@lindholt.example", .localPart),
            ("jana@lindholt", .domain), ("jana@", .domain), ("jana@lindholt.example.", .domain),
            ("jana@.example", .domain),
            ("jana@lind holt.example", .domain), ("jana@-lindholt.example", .domain),
            ("jana@lindholt-.example", .domain),
            ("jana@lind_holt.example", .domain), ("jana@127.0.0.1", .domain), ("jana@[127.0.0.1]", .domain),
            ("jana@lindholt.example>", .domain), ("jana@lindholt.example,b@c.example", .noAtSign),
            ("jana@ab--ü.example", .domain), ("jana@\u{301}x.example", .noAtSign), ("jana@x.\u{301}example", .domain),
            ("jana@a\u{200D}b.example", .domain),
            ("jänä@lindholt.example", .localPartBeyondASCII), ("用户@例え.テスト", .localPartBeyondASCII),
            ("jana@lindholt.example\r\nBcc: all@lindholt.example", .controlCharacter),
            ("ja\u{0}na@lindholt.example", .controlCharacter),
            ("jana@lind\tholt.example", .controlCharacter),
            (String(repeating: "a", count: 65) + "@lindholt.example", .tooLong(limit: 64)),
            ("jana@" + String(repeating: "a", count: 64) + ".example", .domain),
            ("jana.petersen@" + String(repeating: "abcdefg.", count: 30) + "example", .tooLong(limit: 254)),
        ] as [(String, MailProblem.Why)])
    func bad(text: String, why: MailProblem.Why) {
        #expect(throws: MailProblem(field: "address", value: text, why: why)) { try EmailAddress(text) }
    }

    @Test("shows line breaks in its refusal instead of passing them on")
    func printable() {
        #expect("\(MailProblem(field: "address", value: "a\r\nb", why: .controlCharacter))".contains("a\\u{D}\\u{A}b"))
    }
}
