using System.Runtime.CompilerServices;
using OrderSync.AppHost.Local;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Text with values in it that are filled in when a part starts.</summary>
internal sealed class ReferenceExpression : IValueProvider
{
    private readonly IReadOnlyList<IValueProvider> pieces;

    private ReferenceExpression(IReadOnlyList<IValueProvider> pieces) => this.pieces = pieces;

    public static ReferenceExpression Create(in Handler handler) => new(handler.Pieces);

    public string GetValue(Machine machine) => string.Concat(pieces.Select(piece => piece.GetValue(machine)));

    /// <summary>Takes an interpolated string apart without losing which of its values are known later.</summary>
    [InterpolatedStringHandler]
    internal readonly struct Handler(int literalLength, int formattedCount)
    {
        internal List<IValueProvider> Pieces { get; } = new(formattedCount + Math.Min(literalLength, formattedCount + 1));

        public void AppendLiteral(string value) => Pieces.Add(new Literal(value));
        public void AppendFormatted(string value) => Pieces.Add(new Literal(value));
        public void AppendFormatted<T>(T value) where T : IValueProvider => Pieces.Add(value);
        public void AppendFormatted<T>(IResourceBuilder<T> value) where T : IResource, IValueProvider => Pieces.Add(value.Resource);
    }
}
