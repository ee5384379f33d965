extension ReminderPaper.Paragraph {
    /// A letter's paragraph as the paper sets it.
    public init(_ paragraph: Letter.Paragraph) {
        self.init(paragraph.text, strong: paragraph.strong, number: paragraph.number)
    }
}
