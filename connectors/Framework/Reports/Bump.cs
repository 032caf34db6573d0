namespace OrderSync.Framework.Reports;

/// <summary>
/// Raises the version of reports, in the statement that changes the ledger. Between the two parts stands a select of company, connection,
/// record, time, time and 1, in the order of the key, so that two such statements cannot block each other for good.
/// </summary>
internal static class Bump
{
    public const string Reports = "insert into report as told (company_id, connection_id, record_id, changed_at, due, version)";

    public const string OneMore = """
        on conflict (company_id, connection_id, record_id) do update
        set version = told.version + 1, changed_at = excluded.changed_at, due = excluded.due, tries = 0
        """;
}
