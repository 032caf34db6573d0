namespace OrderSync.AppHost.Local.Running;

/// <summary>Keeps a log from growing without end: beyond the limit it is set aside once and starts anew.</summary>
internal static class LogSize
{
    public const long Limit = 20_000_000;

    /// <summary>The process keeps its log open for appending, so the file is emptied, not moved.</summary>
    public static void Keep(string log, long limit = Limit)
    {
        if (!File.Exists(log) || new FileInfo(File.ResolveLinkTarget(log, returnFinalTarget: true)?.FullName ?? log).Length <= limit)
            return;
        File.Copy(log, log + ".1", overwrite: true);
        using var emptied = new FileStream(log, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        emptied.SetLength(0);
    }
}
