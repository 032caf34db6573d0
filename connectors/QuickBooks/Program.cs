OrderSync.Framework.ConnectorHost.Run<OrderSync.QuickBooks.QuickBooksConnector>(args);
