import Money

/// Details and entries when their last element has come.
extension CamtEntryDraft {
    /// The detail whose last element has come. Works in place: this runs for every payment of a file.
    mutating func finishDetail(own account: String?) {
        inDetail = false
        let debit = detail.isDebit ?? isDebit ?? false
        if debit, let amount = detail.value.amount { detail.value.amount = -amount.magnitude }
        detail.value.returnReason = detail.returnCode ?? detail.returnOwnCode
        if detail.value.bankReference == nil { detail.value.bankReference = detail.transactionID }
        setParties(debit, own: account)
        if detail.value.text.isEmpty, let information = detail.information { detail.value.text = information }
        if detail.value.structuredReferences.isEmpty, let found = StructuredReferences.find(in: detail.value.text) {
            detail.value.structuredReferences = [found]
        }
        detail.value.structuredReference = detail.value.structuredReferences.first
        if code.domain == nil, code.own == nil { code = detail.code }
        var finished = BankEntryDetail()
        swap(&finished, &detail.value)
        entry.details.append(finished)
    }

    /// The other side: of a credit the debtor, of a debit the creditor. What comes back keeps the roles of the payment it undoes,
    /// so there it is the other way round, unless the file names only one of the two.
    private mutating func setParties(_ isDebit: Bool, own account: String?) {
        var wantsCreditor = isDebit
        let comesBack = entry.isReversal || detail.value.returnReason != nil || detail.code.isReturn || code.isReturn
        if comesBack {
            let creditorGiven = detail.creditor != nil || detail.creditorAccount != nil
            let debtorGiven = detail.debtor != nil || detail.debtorAccount != nil
            wantsCreditor = creditorGiven && debtorGiven ? !isDebit : creditorGiven
            if let account, creditorGiven, debtorGiven {
                if detail.creditorAccount.flatMap({ BankText.account($0) }) == account { wantsCreditor = false }
                if detail.debtorAccount.flatMap({ BankText.account($0) }) == account { wantsCreditor = true }
            }
        }
        detail.value.counterparty = wantsCreditor ? detail.creditor : detail.debtor
        detail.value.ultimateCounterparty = wantsCreditor ? detail.ultimateCreditor : detail.ultimateDebtor
        let number = wantsCreditor ? detail.creditorAccount : detail.debtorAccount
        if let number { detail.value.counterpartyAccount = BankText.account(number) }
    }
}

extension CamtReader {
    func finishDetail() {
        draft.finishDetail(own: ownAccount)
        guard draft.entry.details.count > options.mostDetails else { return }
        abandon("TxDtls", "One entry has more than \(options.mostDetails) payments below it.")
    }

    /// The whole entry; nil after a problem.
    func finishedEntry() -> BankEntry? {
        guard let amount = draft.amount, let isDebit = draft.isDebit else {
            reportMissing()
            return nil
        }
        if amount.isNegative {
            teller.warn(
                .sign, line: draft.entry.lineNumber, "The entry has the amount \(amount); it is read as money out.")
        }
        var entry = BankEntry(amount: amount, lineNumber: 0)
        swap(&entry, &draft.entry)
        entry.amount = isDebit ? -amount.magnitude : amount
        if entry.bankReference == nil { entry.bankReference = draft.entryReference }
        entry.transactionCode = codeText(draft.code)
        if entry.details.count == 1, entry.details[0].amount == nil { entry.details[0].amount = entry.amount }
        lift(&entry)
        if entry.text.isEmpty, let information = draft.information {
            entry.text = information
            if entry.details.count <= 1, entry.structuredReference == nil {
                entry.structuredReference = StructuredReferences.find(in: information)
            }
        }
        compareBatch(entry)
        return entry
    }

    /// The same code stands at most entries of a statement.
    private func codeText(_ code: CamtTransactionCode) -> String? {
        if code != lastCode {
            lastCode = code
            lastCodeText = code.text
        }
        return lastCodeText
    }

    /// What all details have in common is true of the entry.
    private func lift(_ entry: inout BankEntry) {
        let details = entry.details
        guard let first = details.first else { return }
        if details.count == 1 {
            entry.counterparty = first.counterparty
            entry.ultimateCounterparty = first.ultimateCounterparty
            entry.counterpartyAccount = first.counterpartyAccount
            entry.structuredReference = first.structuredReferences.count == 1 ? first.structuredReference : nil
            entry.endToEnd = first.endToEnd
            entry.returnReason = first.returnReason
            entry.text = first.text
            entry.bankReference = entry.bankReference ?? first.bankReference
            entry.charges = entry.charges ?? first.charges
            return
        }
        if details.allSatisfy({
            $0.counterparty == first.counterparty && $0.counterpartyAccount == first.counterpartyAccount
        }) {
            entry.counterparty = first.counterparty
            entry.counterpartyAccount = first.counterpartyAccount
        }
        if details.allSatisfy({ $0.returnReason == first.returnReason }) { entry.returnReason = first.returnReason }
    }

    private func reportMissing() {
        // A wrong amount or sign has been reported where it stood; one that is missing has not.
        guard teller.isFine else { return }
        teller.problem(
            BankFileProblem(
                draft.amount == nil ? .amount : .sign, line: draft.entry.lineNumber,
                field: draft.amount == nil ? "Ntry/Amt" : "Ntry/CdtDbtInd", why: "The entry has none.",
                next: "Ask the bank for a corrected file."))
    }

    /// The payments of a batch should make the entry; charges may stand between.
    private func compareBatch(_ entry: BankEntry) {
        let details = entry.details
        guard details.count > 1 else { return }
        var sum: Int128 = 0
        var charges = Int128(entry.charges?.minor ?? 0)
        for detail in details {
            guard let amount = detail.amount, amount.currency == entry.amount.currency else { return }
            sum += Int128(amount.minor)
            if detail.charges?.currency == amount.currency { charges += Int128(detail.charges?.minor ?? 0) }
        }
        let gap = Int128(entry.amount.minor) - sum
        guard gap != 0, abs(gap) != abs(charges) else { return }
        let total = Int64(exactly: sum).map { "\(Money(minor: $0, entry.amount.currency))" } ?? "more than can be held"
        teller.warn(
            .batch, line: entry.lineNumber,
            "The batch \(entry.bankReference ?? "of line \(entry.lineNumber)") is \(entry.amount), its payments make \(total)."
        )
    }
}
