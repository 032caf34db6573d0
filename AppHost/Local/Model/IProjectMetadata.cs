namespace Aspire.Hosting;

/// <summary>Says where a project's file is; the build writes one class for each project that can run.</summary>
internal interface IProjectMetadata
{
    string ProjectPath { get; }
}
