using OrderSync.Framework;

namespace OrderSync.Tryton;

/// <summary>Tryton's books: payment methods, periods, entries.</summary>
internal sealed class MoveCalls(TrytonClient tryton)
{
    private const string Model = "account.move";

    private static readonly string[] Fields =
        ["number", "post_number", "state", "description", "date", "origin", "lines.debit", "lines.credit", "lines.party", "lines.party.name", "lines.description"];

    private static readonly string[] CurrencyOnly = ["currency.code"];

    /// <summary>The entries of a company that carry a mark, or a reference on a line, oldest first.</summary>
    public async Task<List<Move>> FindAsync(Steps steps, int company, string mark, string? reference, string what, CancellationToken stop)
    {
        object?[] marked = ["description", "=", mark];
        object?[] where = reference is null ? marked : ["OR", marked, new object[] { "lines.description", "=", reference }];
        return [.. (await tryton.AskAsync<List<Move>>(
            steps, Rpc.Search(Model, what, [new object[] { "company", "=", company }, where], Fields), stop)).OrderBy(move => move.Id)];
    }

    /// <summary>An entry that must be there.</summary>
    public async Task<Move> ReadAsync(Steps steps, int id, string what, CancellationToken stop) =>
        (await tryton.AskAsync<List<Move>>(steps, Rpc.Search(Model, what, [new object[] { "id", "=", id }], Fields), stop)) is [var move]
            ? move
            : throw new OutcomeException(new Outcome.Refused("erp.gone", $"Tryton does not have {what} any more.", "It was deleted there. Stop it here too, or Retry to write it again."));

    /// <summary>Creates an entry; answers its id.</summary>
    public async Task<int> CreateAsync(Steps steps, NewMove move, string what, CancellationToken stop) =>
        (await tryton.WriteAsync<int[]>(steps, new($"model.{Model}.create", what, (object)new[] { move }) { Context = TrytonErrors.InEnglish }, stop))[0];

    /// <summary>
    /// Posts an entry: it counts, and can no more be changed. Unlike the buttons of a sale this one says no to what is posted already, such as by a request that took effect late.
    /// </summary>
    public async Task<int> PostAsync(Steps steps, int id, string what, CancellationToken stop)
    {
        try
        {
            await tryton.WriteAsync<object?>(steps, new($"model.{Model}.post", what, (object)new[] { id }) { Context = TrytonErrors.InEnglish }, stop);
        }
        catch (OutcomeException no) when (no.Outcome is Outcome.Refused)
        {
            if ((await ReadAsync(steps, id, what, stop)).State != Move.Posted)
                throw;
        }

        return id;
    }

    /// <summary>The company's currency.</summary>
    public async Task<string?> CurrencyAsync(Steps steps, int company, CancellationToken stop) =>
        (await tryton.AskAsync<List<Books>>(steps, new("model.company.company.read", "the company", new[] { company }, CurrencyOnly), stop))[0].Currency?.Code;

    /// <summary>The account of customers who have none of their own.</summary>
    public async Task<int?> ReceivableAsync(Steps steps, CancellationToken stop) =>
        (await tryton.AskAsync<List<BookDefaults>>(steps, Rpc.Search("account.configuration", "the defaults of the books", [], ["default_account_receivable"], limit: 1), stop)) is [var defaults]
            ? defaults.DefaultAccountReceivable
            : null;

    /// <summary>The company's payment methods.</summary>
    public Task<List<PaymentMethod>> MethodsAsync(Steps steps, int company, CancellationToken stop) => tryton.AskAsync<List<PaymentMethod>>(
        steps, Rpc.Search("account.invoice.payment.method", "the payment methods", [new object[] { "company", "=", company }], ["name", "journal", "debit_account"]), stop);

    /// <summary>The open period of a day; null where there is none.</summary>
    public async Task<int?> PeriodAsync(Steps steps, int company, DateOnly day, CancellationToken stop) => (await tryton.AskAsync<List<Named>>(steps, Rpc.Search(
        "account.period", $"the period of {day:yyyy-MM-dd}",
        [
            new object[] { "fiscalyear.company", "=", company }, new object[] { "start_date", "<=", day }, new object[] { "end_date", ">=", day }, new object[] { "type", "=", "standard" },
            new object[] { "state", "=", "open" },
        ],
        ["name"], limit: 1), stop)) is [var period] ? period.Id : null;
}
