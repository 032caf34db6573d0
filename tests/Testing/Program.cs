using OrderSync.Testing.Run;

return await TestCommand.RunAsync(args);
