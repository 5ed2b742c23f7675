"""The Launches screen: tabs, filters, the live table and the detail panel of the selected launch."""
