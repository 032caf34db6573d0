using OrderSync.Simulator.Demo;
using OrderSync.Simulator.Office;

namespace OrderSync.EndToEnd.Tests.Demo;

/// <summary>The demo is proud of nothing that is not so.</summary>
public sealed class ProofTests
{
    private static readonly Guid Id = Guid.NewGuid();

    [Fact]
    public void What_is_there_once_with_the_same_amount_is_fine()
    {
        var proof = Of([Document(44.70m)], [Mail("44.70")]);
        Assert.Empty(proof.Problems);
        Assert.Equal((44.70m, 44.70m, 44.70m), (proof.Captured, proof.InErp, proof.Mailed));
    }

    [Theory]
    [InlineData("44.69", "44.70", "captured 44.70, in the ERP 44.69")]
    [InlineData("44.70", "44.71", "on paper 44.71")]
    [InlineData("44.70", "1,044.70", "on paper 1,044.70")]
    public void Another_amount_is_named(string erp, string paper, string problem) =>
        Assert.Contains(problem, Assert.Single(Of([Document(decimal.Parse(erp, System.Globalization.CultureInfo.InvariantCulture))], [Mail(paper)]).Problems), StringComparison.Ordinal);

    [Fact]
    public void Two_documents_no_document_and_a_draft_are_named()
    {
        Assert.Contains(Of([Document(44.70m), Document(44.70m)], [Mail("44.70")]).Problems, problem => problem.Contains("in the ERP 2 times", StringComparison.Ordinal));
        Assert.Contains(Of([], [Mail("44.70")]).Problems, problem => problem.Contains("in the ERP 0 times", StringComparison.Ordinal));
        Assert.Contains(Of([Document(44.70m, "void")], [Mail("44.70")]).Problems, problem => problem.Contains("in the ERP 0 times", StringComparison.Ordinal));
        Assert.Contains(Of([Document(44.70m, "draft")], [Mail("44.70")]).Problems, problem => problem.Contains("a draft", StringComparison.Ordinal));
    }

    [Fact]
    public void A_mail_twice_none_and_that_of_a_receipt_for_it_are_told_apart()
    {
        Assert.Contains(Of([Document(44.70m)], [Mail("44.70"), Mail("44.70")]).Problems, problem => problem.Contains("mailed 2 times", StringComparison.Ordinal));
        Assert.Contains(Of([Document(44.70m)], []).Problems, problem => problem.Contains("mailed 0 times", StringComparison.Ordinal));
        Assert.Empty(Of([Document(44.70m)], [Mail("44.70"), new("Receipt", "SO-MAIN-000001\n  Amount received USD   20.00\n")]).Problems);
    }

    [Fact]
    public void What_has_not_arrived_or_needs_a_person_is_named()
    {
        var track = new Track(Id, "Ada's phone", "order", 44.70m, "kiosk@shops.example") { Number = "SO-MAIN-000001", Trouble = "Sold by the dozen." };
        var proof = new Proof();
        proof.Add(track, [Document(44.70m)], [Mail("44.70")]);
        Assert.Contains(proof.Problems, problem => problem.EndsWith("needs a person: Sold by the dozen.", StringComparison.Ordinal));
        Assert.Equal(5, proof.Problems.Count(problem => problem.Contains("did not get as far as", StringComparison.Ordinal)));
    }

    private static Proof Of(IReadOnlyList<SandboxDocument> held, IReadOnlyList<ReceivedMail> mails)
    {
        var track = new Track(Id, "Ada's phone", "order", 44.70m, "kiosk@shops.example") { Number = "SO-MAIN-000001" };
        foreach (var stage in Enum.GetValues<Stage>())
            track.Reach(stage, TimeSpan.FromSeconds(1));
        var proof = new Proof();
        proof.Add(track, held, mails);
        return proof;
    }

    private static SandboxDocument Document(decimal total, string status = "confirmed") => new("SO-MAIN-000001", total, status, Id.ToString());

    private static ReceivedMail Mail(string total) => new("Your order", $"Order SO-MAIN-000001\n\n  Subtotal      41.39\n  Tax 8 %      3.31\n  Total USD      {total}\n");
}
