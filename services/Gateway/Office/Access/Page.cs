namespace OrderSync.Gateway.Office.Access;

/// <summary>How many rows a list gives at once.</summary>
internal static class Page
{
    private const int Usual = 100;
    private const int Most = 500;

    public static int Size(int? limit) => Math.Clamp(limit ?? Usual, 1, Most);
}
