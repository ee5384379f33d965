/// A message as bytes, ready for a mail server, with the envelope it goes in.
public struct WrittenMail: Sendable {
    public let id: MessageID
    public let envelope: Envelope
    /// RFC 5322 with MIME: ASCII only, CRLF line ends, lines of at most 78 characters. No dots are doubled yet.
    public let bytes: [UInt8]

    public init(id: MessageID, envelope: Envelope, bytes: [UInt8]) {
        self.id = id
        self.envelope = envelope
        self.bytes = bytes
    }
}

/// What the mail servers go by: from whom (failures come back there), and to whom. The headers are for people.
public struct Envelope: Hashable, Sendable {
    public let from: EmailAddress
    /// At least one.
    public let to: [EmailAddress]

    public init(from: EmailAddress, to: [EmailAddress]) {
        precondition(!to.isEmpty, "an envelope names somebody")
        self.from = from
        self.to = to
    }
}

extension MailMessage {
    /// The same message gives the same bytes, always.
    ///
    /// `text/plain`, or `multipart/alternative` with the HTML, inside `multipart/mixed` where files travel along.
    /// - Parameter returningTo: where failures are reported; nil: to the address in From.
    public func written(returningTo: EmailAddress? = nil) throws(MailProblems) -> WrittenMail {
        let problems = self.problems
        guard problems.isEmpty else { throw MailProblems(problems) }
        var output = Array(headers.utf8)
        let mark = boundaryMark
        if attachments.isEmpty {
            appendBody(to: &output, mark: mark)
        } else {
            let boundary = "=_mixed_" + mark
            output += HeaderText.folded("Content-Type", ["multipart/mixed;", "boundary=\"\(boundary)\""]).utf8
            output += "\r\n--\(boundary)\r\n".utf8
            appendBody(to: &output, mark: mark)
            for attachment in attachments {
                output += "--\(boundary)\r\n".utf8
                attachment.append(to: &output)
            }
            output += "--\(boundary)--\r\n".utf8
        }
        return WrittenMail(
            id: id, envelope: Envelope(from: returningTo ?? from.address, to: recipients), bytes: output)
    }

    private var headers: String {
        var text = HeaderText.folded("Date", [date.header ?? ""])
        text += HeaderText.addresses("From", [.mailbox(from)])
        if !replyTo.isEmpty { text += HeaderText.addresses("Reply-To", replyTo) }
        if !to.isEmpty { text += HeaderText.addresses("To", to) }
        if to.isEmpty, cc.isEmpty { text += HeaderText.addresses("To", [.group("undisclosed-recipients", [])]) }
        if !cc.isEmpty { text += HeaderText.addresses("Cc", cc) }
        text += HeaderText.folded("Message-ID", [id.description])
        if let inReplyTo { text += HeaderText.folded("In-Reply-To", [inReplyTo.description]) }
        if !references.isEmpty { text += HeaderText.folded("References", references.map(\.description)) }
        text += HeaderText.unstructured("Subject", subject)
        for header in further { text += HeaderText.unstructured(header.name, header.value) }
        if let language { text += HeaderText.folded("Content-Language", [language]) }
        return text + "MIME-Version: 1.0\r\n"
    }

    /// `=_` cannot occur in quoted-printable or base64, so no content can end a part. The mark tells this message's
    /// boundaries from those of one it is forwarded in: FNV-1a of the Message-ID, in hexadecimal.
    private var boundaryMark: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in id.description.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    private func appendBody(to output: inout [UInt8], mark: String) {
        guard let html else { return appendText(text, "text/plain", to: &output) }
        let boundary = "=_alternative_" + mark
        output += HeaderText.folded("Content-Type", ["multipart/alternative;", "boundary=\"\(boundary)\""]).utf8
        output += "\r\n--\(boundary)\r\n".utf8
        appendText(text, "text/plain", to: &output)
        output += "--\(boundary)\r\n".utf8
        appendText(html, "text/html", to: &output)
        output += "--\(boundary)--\r\n".utf8
    }

    private func appendText(_ text: String, _ type: String, to output: inout [UInt8]) {
        let bytes = ContentEncoding.canonicalText(text)
        let encoding = ContentEncoding.forText(bytes)
        output += "Content-Type: \(type); charset=utf-8\r\nContent-Transfer-Encoding: \(encoding.rawValue)\r\n\r\n".utf8
        encoding.encode(bytes, into: &output)
    }
}

extension Attachment {
    fileprivate func append(to output: inout [UInt8]) {
        output += "Content-Type: \(mediaType)\r\nContent-Transfer-Encoding: base64\r\n".utf8
        output +=
            HeaderText.folded("Content-Disposition", ["attachment;"] + HeaderText.parameter("filename", fileName)).utf8
        output += "\r\n".utf8
        ContentEncoding.base64.encode(bytes, into: &output)
    }
}
