import Money

extension Voice {
    /// Sentences of the books in the reader's language, with amounts and days as it writes them: `1234.50 EUR`, `2026-10-19`. Numbers of
    /// documents that look alike stay as they are.
    func prose(_ text: String) -> String {
        var out = ""
        let known = language == .german ? GermanSentences.of(text) : text
        var rest = known[...]
        while let match = rest.firstMatch(of: /(\d{4}-\d{2}-\d{2})|(-?\d{1,15}(?:\.\d{1,4})?) ([A-Z]{3})/) {
            out += rest[..<match.range.lowerBound]
            let stands = Voice.ends(out.last) && Voice.ends(rest[match.range.upperBound...].first)
            if stands, let day = match.output.1.flatMap({ Day(String($0)) }) {
                out += fullDate(day)
            } else if stands, let figure = match.output.2.flatMap({ Figure($0) }), let code = match.output.3,
                Currency(String(code)) != nil
            {
                out += amount(figure, String(code))
            } else {
                out += match.output.0
            }
            rest = rest[match.range.upperBound...]
        }
        return out + rest
    }

    /// Whether a word ends at this character.
    private static func ends(_ character: Character?) -> Bool {
        guard let character else { return true }
        return !(character.isLetter || character.isNumber || character == "-")
    }
}
