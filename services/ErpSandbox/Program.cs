using OrderSync.ErpSandbox;

await SandboxApp.Create(args).RunAsync();
