import Foundation
import Host
import Mail
import Testing

/// A mail reader that is not ours: Python's email package tells what it found in the bytes.
enum Reader {
    struct Part: Decodable, Equatable {
        let type: String
        let encoding: String
        let name: String?
        /// Base64 of the decoded content.
        let content: String
        var bytes: [UInt8] { [UInt8](Data(base64Encoded: content) ?? Data()) }
        var text: String { String(decoding: bytes, as: UTF8.self) }
    }
    struct Message: Decodable {
        let headers: [String: String]
        let addresses: [String: [[String]]]
        let structure: String
        let parts: [Part]
        let defects: [String]
    }

    static func read(_ messages: [[UInt8]]) throws -> [Message] {
        let process = ChildProcess()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: try MailServer.python())
        process.arguments = ["-c", script]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let lines = messages.map { Data($0).base64EncodedString() }.joined(separator: "\n")
        let writing = input.fileHandleForWriting
        Thread.detachNewThread {
            try? writing.write(contentsOf: Data(lines.utf8))
            try? writing.close()
        }
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return try JSONDecoder().decode([Message].self, from: answer)
    }

    private static let script = """
        import sys, json, base64, email, email.policy
        from email.header import make_header, decode_header
        from email.utils import getaddresses
        def outline(m):
            kind = m.get_content_type()
            return kind + '(' + ','.join(outline(p) for p in m.iter_parts()) + ')' if m.is_multipart() else kind
        def look(line):
            m = email.message_from_bytes(base64.b64decode(line), policy=email.policy.default)
            parts, defects = [], [str(d) for d in m.defects]
            for p in m.walk():
                defects += [str(d) for d in p.defects]
                if p.is_multipart(): continue
                content = p.get_content()
                data = content.encode() if isinstance(content, str) else content
                parts.append(dict(type=p.get_content_type(), encoding=str(p['Content-Transfer-Encoding']),
                    name=p.get_filename(), content=base64.b64encode(data).decode()))
            # The older interface: the newer one puts spaces between the encoded words of a name.
            old = email.message_from_bytes(base64.b64decode(line))
            addresses = {n: [[str(make_header(decode_header(name))), box] for name, box in getaddresses([old[n]])]
                for n in ('From', 'To', 'Cc', 'Reply-To') if old[n]}
            return dict(headers={k: str(v) for k, v in m.items()}, addresses=addresses, structure=outline(m),
                parts=parts, defects=defects)
        json.dump([look(line) for line in sys.stdin.read().split()], sys.stdout)
        """
}

extension [UInt8] {
    var text: String { String(decoding: self, as: UTF8.self) }
    /// Lines without their CRLF.
    var lines: [String] { text.components(separatedBy: "\r\n") }
}

@Suite("A written message")
struct MessageTests {
    static let texts = [
        "", "plain", "Rechnung RE-2026-000123 – kurze Erinnerung",
        "Überfällig: 1.234,50 € von Müller & Söhne, bitte bis 30.11.2026",
        "請求書のお知らせ 2026年11月", "فاتورة رقم ١٢٣ مستحقة الدفع", "שלום, חשבונית 17", "Счёт № 15 от 1 ноября", "ใบแจ้งหนี้",
        "चालान संख्या १२",
        "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦 family, four times over in one line 👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
        "=?UTF-8?Q?not_an_encoded_word?=", "two  spaces and one at the end ", " in front", "a ü b ü c",
        String(repeating: "word ", count: 60) + "end", String(repeating: "x", count: 300),
        String(repeating: "ü", count: 200), "Z" + String(repeating: "\u{301}", count: 60) + "algo",
        "Quote \" backslash \\ comma, semicolon; (comment) <angle> @ : .",
        "Müller, \"der Große\" (GmbH & Co. KG) <x@y>",
    ]

    @Test("gives every subject, name and file name back to another reader")
    func roundTrip() throws {
        let address = try EmailAddress("billing@seller.example")
        // Python's reader trims file names.
        let files = Self.texts.map { text in
            text.replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "\\", with: "_")
                .trimmingCharacters(in: .whitespaces)
        }
        let messages = try zip(Self.texts, files).enumerated().map { index, pair in
            var message = try Sample.message("round-\(index)", subject: pair.0)
            message.from = Mailbox(pair.0, address)
            message.to = [
                .mailbox(Mailbox(pair.0, try EmailAddress("one@customer.example"))),
                .mailbox(Mailbox(nil, try EmailAddress("two@customer.example"))),
            ]
            if !pair.1.isEmpty, pair.1.utf8.count < 250 {
                message.attachments = [
                    Attachment(fileName: pair.1 + ".pdf", mediaType: "application/pdf", bytes: [1, 2, 3])
                ]
            }
            return message
        }
        let written = try messages.map { try $0.written().bytes }
        for (index, read) in try Reader.read(written).enumerated() {
            let text = Self.texts[index]
            #expect(read.headers["Subject"] == text)
            #expect(read.addresses["From"] == [[text, "billing@seller.example"]])
            #expect(read.addresses["To"] == [[text, "one@customer.example"], ["", "two@customer.example"]])
            #expect(read.parts.last?.name == messages[index].attachments.first.map(\.fileName))
            #expect(read.defects == [], "\(text)")
        }
    }

    static let bodies = [
        "", "one line", "one line\n", "a\r\nb\rc\nd\n", ".\n..\n.dot\nFrom here\nFrom\n", "trailing space \ntab\t\n \n",
        "= equals =3D =\n", String(repeating: "long ", count: 400), String(repeating: "x", count: 5000),
        "Grüße aus Köln – 1.234,50 €\n", String(repeating: "漢字かな交じり文。", count: 300), "\u{0}\u{1}\u{7F} controls\u{C}\n",
        String(repeating: "a", count: 75) + " \n", String(repeating: "a", count: 76) + "\n",
        String(repeating: "a", count: 74) + "ü\n", String(repeating: "ü ", count: 60),
    ]

    @Test("gives every text back to another reader, line ends made one kind")
    func texts() throws {
        let written = try Self.bodies.enumerated().map { index, body in
            try Sample.message("text-\(index)", text: body, html: "<p>\(body)</p>").written().bytes
        }
        for (index, read) in try Reader.read(written).enumerated() {
            let unix = Self.bodies[index].replacingOccurrences(of: "\r\n", with: "\n").replacingOccurrences(
                of: "\r", with: "\n")
            // The line end before a boundary belongs to the boundary (RFC 2046 section 5.1.1).
            let expected = unix.hasSuffix("\n") ? String(unix.dropLast()) : unix
            #expect(read.parts.map(\.type) == ["text/plain", "text/html"])
            let found = read.parts[0].text.replacingOccurrences(of: "\r\n", with: "\n")
            #expect(found == expected || found == expected + "\n", "body \(index)")
            #expect(read.defects == [])
        }
    }

    @Test("keeps to short lines, CRLF and ASCII, whatever it holds")
    func wire() throws {
        for (index, text) in (Self.texts + Self.bodies).enumerated() {
            var message = try Sample.message("wire-\(index)", text: text, html: text)
            message.subject = Self.texts[index % Self.texts.count]
            message.to = [.group(Self.texts[1 + index % (Self.texts.count - 1)], [])]
            message.cc = [.mailbox(Mailbox(message.subject, try EmailAddress("a@b.example")))]
            message.attachments = [
                Attachment(fileName: "Rechnung Ä.pdf", mediaType: "application/pdf", bytes: [UInt8](0...255))
            ]
            let bytes = try message.written().bytes
            #expect(bytes.allSatisfy { $0 < 0x7F && ($0 >= 0x20 || $0 == 0x0D || $0 == 0x0A) })
            #expect(bytes.lines.allSatisfy { $0.utf8.count <= 78 && !$0.contains("\n") && !$0.contains("\r") })
            #expect(bytes.text.hasSuffix("\r\n"))
            #expect(!bytes.lines.contains("."))
        }
    }

    @Test("is plain text, with HTML beside it, with files around both")
    func structure() throws {
        let pdf = Attachment(
            fileName: "RE-1.pdf", mediaType: "application/pdf", bytes: (0..<10_000).map { UInt8($0 % 251) })
        let xml = Attachment(fileName: "RE-1.xml", mediaType: "application/xml", bytes: Array("<a/>".utf8))
        let read = try Reader.read([
            try Sample.message("s1").written().bytes, try Sample.message("s2", html: "<p>x</p>").written().bytes,
            try Sample.message("s3", attachments: [pdf]).written().bytes,
            try Sample.message("s4", html: "<p>x</p>", attachments: [pdf, xml]).written().bytes,
        ])
        #expect(
            read.map(\.structure) == [
                "text/plain", "multipart/alternative(text/plain,text/html)",
                "multipart/mixed(text/plain,application/pdf)",
                "multipart/mixed(multipart/alternative(text/plain,text/html),application/pdf,application/xml)",
            ])
        #expect(read[3].parts[2].bytes == pdf.bytes)
        #expect(read[3].parts[3].bytes == xml.bytes)
        #expect(read[3].parts.map(\.encoding) == ["quoted-printable", "quoted-printable", "base64", "base64"])
    }

    @Test("is the same bytes each time")
    func golden() throws {
        var message = try Sample.message(
            "0g3k9", subject: "Rechnung RE-2026-000123 – kurze Erinnerung",
            text: "Guten Tag,\nanbei die Rechnung über 1.234,50 €.\n",
            html: "<p>Guten Tag,</p>\n",
            attachments: [
                Attachment(fileName: "Rechnung Größe.pdf", mediaType: "application/pdf", bytes: Array("PDF".utf8))
            ])
        message.replyTo = [.mailbox(Mailbox("Petersen, Jana", try EmailAddress("petersen@seller.example")))]
        message.cc = [.group("Buchhaltung Süd", [Mailbox(nil, try EmailAddress("a@b.example"))])]
        message.language = "de"
        message.further = [("Auto-Submitted", "auto-generated")]
        let expected = """
            Date: Wed, 25 Nov 2026 03:25:24 +0000
            From: Nordlicht Systeme GmbH <billing@seller.example>
            Reply-To: "Petersen, Jana" <petersen@seller.example>
            To: accounts@customer.example
            Cc: =?UTF-8?Q?Buchhaltung_S=C3=BCd?= : a@b.example;
            Message-ID: <0g3k9@seller.example>
            Subject: Rechnung RE-2026-000123 =?UTF-8?B?4oCT?= kurze Erinnerung
            Auto-Submitted: auto-generated
            Content-Language: de
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary="=_mixed_MARK"

            --=_mixed_MARK
            Content-Type: multipart/alternative; boundary="=_alternative_MARK"

            --=_alternative_MARK
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Guten Tag,
            anbei die Rechnung =C3=BCber 1.234,50 =E2=82=AC.
            --=_alternative_MARK
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            <p>Guten Tag,</p>
            --=_alternative_MARK--
            --=_mixed_MARK
            Content-Type: application/pdf
            Content-Transfer-Encoding: base64
            Content-Disposition: attachment; filename*=UTF-8''Rechnung%20Gr%C3%B6%C3%9Fe.pdf

            UERG
            --=_mixed_MARK--

            """
        let found = try message.written().bytes
        #expect(found == (try message.written().bytes))
        let mark = try #require(found.text.split(separator: "=_mixed_").dropFirst().first?.prefix(16))
        // A line of 76 characters at most: the long boundary stands on a line of its own.
        let unfolded = found.text.replacingOccurrences(of: mark, with: "MARK").replacingOccurrences(
            of: ";\r\n ", with: "; ")
        #expect(unfolded.replacingOccurrences(of: "\r\n", with: "\n") == expected)
    }

    @Test("names everything that is wrong at once, and lets no line break into a header")
    func problems() throws {
        var message = try Sample.message("bad", to: [], subject: "Invoice\r\nBcc: everyone@customer.example")
        message.from = Mailbox("Nord\nlicht", try EmailAddress("billing@seller.example"))
        message.replyTo = [.group("", [])]
        message.further = [("Content-Type", "text/evil"), ("X-Note", "a\u{2028}b"), ("Bad Name", "x")]
        message.attachments = [
            Attachment(fileName: "../../etc/passwd", mediaType: "application/pdf", bytes: []),
            Attachment(fileName: "a.pdf\r\n", mediaType: "multipart/mixed", bytes: []),
            Attachment(fileName: "", mediaType: "pdf; x=y", bytes: []),
        ]
        let problems = #expect(throws: MailProblems.self) { try message.written() }
        #expect(
            problems?.all.map { "\($0.field): \($0.why)" } == [
                "To: nobody is named who should get it", "From: it holds a line break or another control character",
                "Reply-To: it is empty", "Subject: it holds a line break or another control character",
                "header: it is not a header that may be added",
                "X-Note: it holds a line break or another control character",
                "header: it is not a header that may be added", "attachment 1: it is not a plain file name",
                "attachment 2: it holds a line break or another control character",
                "attachment 2: it is not a type of content that can be attached", "attachment 3: it is empty",
                "attachment 3: it is not a type of content that can be attached",
            ])
    }

    @Test("goes to everyone once; who is in Bcc stands in no header")
    func recipients() throws {
        var message = try Sample.message("bcc", to: ["a@b.example", "A@b.example", "a@B.example"])
        message.cc = [
            .group(
                "All", [Mailbox("X", try EmailAddress("c@b.example")), Mailbox(nil, try EmailAddress("a@b.example"))])
        ]
        message.bcc = [Mailbox("Quiet", try EmailAddress("quiet@b.example"))]
        let mail = try message.written(returningTo: try EmailAddress("bounces@seller.example"))
        #expect(
            mail.envelope.to.map(\.description) == ["a@b.example", "A@b.example", "c@b.example", "quiet@b.example"])
        #expect(mail.envelope.from.description == "bounces@seller.example")
        #expect(!mail.bytes.text.lowercased().contains("quiet"))
        message.to = []
        message.cc = []
        #expect(try message.written().bytes.text.contains("To: undisclosed-recipients: ;\r\n"))
    }

    @Test(
        "shows its date as RFC 5322 wants it",
        arguments: [
            (0, 0, "Thu, 1 Jan 1970 00:00:00 +0000"), (951_782_399, 0, "Mon, 28 Feb 2000 23:59:59 +0000"),
            (951_782_400, 0, "Tue, 29 Feb 2000 00:00:00 +0000"), (1_798_759_800, 60, "Fri, 1 Jan 2027 00:30:00 +0100"),
            (1_798_759_800, -330, "Thu, 31 Dec 2026 18:00:00 -0530"), (-1, 0, "Wed, 31 Dec 1969 23:59:59 +0000"),
            (253_402_300_799, 0, "Fri, 31 Dec 9999 23:59:59 +0000"),
        ] as [(Int64, Int, String)])
    func date(seconds: Int64, zone: Int, header: String) {
        #expect(MailDate(secondsSince1970: seconds, zoneMinutes: zone).header == header)
    }

    @Test(
        "takes no date outside the calendar of mail",
        arguments: [
            (253_402_300_800, 0), (Int64.max, 0), (Int64.min, 0), (0, 1440), (253_402_300_799, 1),
        ] as [(Int64, Int)])
    func noDate(seconds: Int64, zone: Int) {
        #expect(MailDate(secondsSince1970: seconds, zoneMinutes: zone).header == nil)
    }

    @Test("keeps its Message-ID as given", arguments: ["<a@b>", "<0g3k9.2026@seller.example>"])
    func messageID(text: String) throws { #expect(try MessageID(text).description == text) }

    @Test(
        "takes no Message-ID that could end its header",
        arguments: [
            "a@b", "<ab>", "<a@b", "<a@b@c>", "<a b@c>", "<@b>", "<a\r\n@b>", "<ä@b>", "",
        ])
    func noMessageID(text: String) { #expect(throws: MailProblem.self) { try MessageID(text) } }
}
