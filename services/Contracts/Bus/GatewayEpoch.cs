namespace OrderSync.Contracts.Bus;

/// <summary>The gateway was set back to an older backup, says so to each connector of a company, and wants to be told again what it had acknowledged.</summary>
/// <param name="CompanyId">Whose rows.</param>
/// <param name="Epoch">See <see cref="ReportAcknowledged.Epoch"/>. It never falls: a repeat, or one that comes late, changes nothing.</param>
public sealed record GatewayEpoch(Guid CompanyId, long Epoch);
