import Access

/// Who asks, for whatever reads the books on their behalf. Nobody: the program itself, which sees everything.
enum Asking {
    @TaskLocal static var principal: Principal?
}
