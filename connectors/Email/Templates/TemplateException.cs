namespace OrderSync.Email.Templates;

/// <summary>A template that cannot be used; the message says in which line and why, for the person who wrote it.</summary>
internal sealed class TemplateException(int line, string what) : Exception($"Line {line}: {what}")
{
    /// <summary>Line of the template, from 1.</summary>
    public int Line { get; } = line;
}
