using OrderSync.Framework.Budgets;

namespace OrderSync.Framework.Calls;

/// <summary>Where all calls go out: the budget lets them, the log keeps them.</summary>
internal sealed class CallDesk(BudgetGate gate, CallLog log, TimeProvider time)
{
    public BudgetGate Gate => gate;

    public CallLog Log => log;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>An errand for a connection; asking for tokens stays part of the errand that needs them.</summary>
    public Errand For(Connection connection, Purpose purpose, Guid? recordId = null) =>
        purpose == Purpose.Tokens && Errand.Current is { } needing
            ? new Errand(this, connection, needing.RecordId, purpose, needing)
            : new Errand(this, connection, recordId, purpose);
}
