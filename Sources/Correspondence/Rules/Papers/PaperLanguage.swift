/// The language a paper is written in.
public enum PaperLanguage: String, Sendable, CaseIterable {
    case german = "de"
    case english = "en"

    /// From a customer's language (BCP 47): German where it begins with `de`, English otherwise.
    public init(code: some StringProtocol) {
        let first = code.lowercased().prefix { $0 != "-" && $0 != "_" }
        self = first == "de" ? .german : .english
    }

    var labels: PaperLabels { self == .german ? .german : .english }
    var figures: PaperFigures { PaperFigures(language: self) }
}
