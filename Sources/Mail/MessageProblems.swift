extension MailMessage {
    /// Everything that keeps this message from being written.
    public var problems: [MailProblem] {
        var found: [MailProblem] = []
        if date.header == nil {
            found.append(MailProblem(field: "Date", value: "\(date.secondsSince1970)", why: .date))
        }
        if recipients.isEmpty { found.append(MailProblem(field: "To", value: "", why: .noRecipient)) }
        found += names("From", [.mailbox(from)]) + names("Reply-To", replyTo) + names("To", to) + names("Cc", cc)
        found += text("Subject", subject)
        if let language, !language.utf8.allSatisfy({ $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }) {
            found.append(MailProblem(field: "Content-Language", value: language, why: .headerName))
        }
        for header in further { found += problems(of: header) }
        for (index, attachment) in attachments.enumerated() {
            found += attachment.problems(field: "attachment \(index + 1)")
        }
        return found
    }

    private func names(_ field: String, _ addressees: [Addressee]) -> [MailProblem] {
        addressees.flatMap { addressee in
            var found = addressee.mailboxes.flatMap { text(field, $0.name ?? "") }
            if case .group(let title, _) = addressee {
                found += title.isEmpty ? [MailProblem(field: field, value: "", why: .empty)] : text(field, title)
            }
            return found
        }
    }

    private func text(_ field: String, _ value: String) -> [MailProblem] {
        if value.unicodeScalars.contains(where: \.isControl) {
            return [MailProblem(field: field, value: value, why: .controlCharacter)]
        }
        // Far beyond any sense; it keeps a header from becoming a message of its own.
        return value.utf8.count > 2000 ? [MailProblem(field: field, value: value, why: .tooLong(limit: 2000))] : []
    }

    private func problems(of header: (name: String, value: String)) -> [MailProblem] {
        let own = [
            "date", "from", "sender", "reply-to", "to", "cc", "bcc", "message-id", "in-reply-to", "references",
            "subject",
            "mime-version", "return-path", "received",
        ]
        let lower = header.name.lowercased()
        let good =
            !lower.isEmpty && lower.utf8.count <= 40 && !own.contains(lower) && !lower.hasPrefix("content-")
            && !lower.hasPrefix("resent-")
            && lower.utf8.allSatisfy { $0.isASCIILetterOrDigit || $0 == UInt8(ascii: "-") }
        guard good else { return [MailProblem(field: "header", value: header.name, why: .headerName)] }
        return text(header.name, header.value)
    }
}

extension Attachment {
    func problems(field: String) -> [MailProblem] {
        var found: [MailProblem] = []
        func name(_ why: MailProblem.Why) { found.append(MailProblem(field: field, value: fileName, why: why)) }
        if fileName.isEmpty {
            name(.empty)
        } else if fileName.unicodeScalars.contains(where: \.isControl) {
            name(.controlCharacter)
        } else if fileName.contains("/") || fileName.contains("\\") || fileName.allSatisfy({ $0 == "." || $0 == " " }) {
            name(.fileName)
        } else if fileName.utf8.count > 255 {
            name(.tooLong(limit: 255))
        }
        let parts = mediaType.split(separator: "/", omittingEmptySubsequences: false)
        let good =
            parts.count == 2 && mediaType.utf8.count <= 60
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { $0.isASCIILetterOrDigit || "!#$&-^_.+".utf8.contains($0) }
            }
        // RFC 2045 section 6.4: a message or a multipart must not be encoded, and this writer encodes every file.
        if !good || ["message", "multipart"].contains(parts[0].lowercased()) {
            found.append(MailProblem(field: field, value: mediaType, why: .mediaType))
        }
        return found
    }
}
