using OrderSync.Money;
using OrderSync.Simulator.Office;

namespace OrderSync.Simulator.Targets;

/// <summary>
/// An ERP that sales are replayed into: made ready before, and asked afterwards, past all our own parts, what it holds. Another one is a file beside this and a line
/// in <see cref="ReplayTargets"/>.
/// </summary>
internal interface IReplayTarget : IDisposable
{
    /// <summary>Name of the connector; the connection has it too, if nobody says otherwise.</summary>
    string Connector { get; }

    /// <summary>Which way an exact half goes there, and so on the devices.</summary>
    Tie Tie { get; }

    /// <summary>An organisation that has the taxes and items and rounds as wanted. May be called again, also while it holds orders.</summary>
    /// <param name="goods">What it must know.</param>
    /// <param name="stop">Gives up.</param>
    Task<TargetOrganisation> SetUpAsync(Goods goods, CancellationToken stop);

    /// <summary>All sales orders it holds, those of others and void ones too.</summary>
    Task<IReadOnlyList<HeldOrder>> OrdersAsync(CancellationToken stop);
}

/// <summary>What an ERP must know before sales come.</summary>
/// <param name="Currency">Currency of the organisation.</param>
/// <param name="Level">Where it rounds tax.</param>
/// <param name="Taxes">Taxes, with rates in per cent.</param>
/// <param name="Items">What is sold.</param>
internal sealed record Goods(string Currency, RoundingLevel Level, IReadOnlyCollection<Tax> Taxes, IReadOnlyCollection<Product> Items);

/// <summary>An organisation that is ready.</summary>
/// <param name="Name">What people call it, such as "organisation 10234695 of the sandbox".</param>
/// <param name="Settings">Of the connection to it, with their names.</param>
internal sealed record TargetOrganisation(string Name, Dictionary<string, object> Settings);

/// <summary>A sales order as the ERP itself holds it.</summary>
/// <param name="RecordId">The record id it carries; null on one that is not ours.</param>
/// <param name="Total">Its total.</param>
/// <param name="Final">Whether it has come as far as it should: confirmed, processed, and not a draft.</param>
/// <param name="Void">Whether it counts no more.</param>
internal sealed record HeldOrder(Guid? RecordId, decimal Total, bool Final = true, bool Void = false);
