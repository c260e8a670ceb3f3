<?xml version="1.0" encoding="UTF-8"?>
<!-- The frame of the HTML part of mails. Mail programs know neither style sheets from elsewhere nor scripts: plain elements alone. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">
<xsl:include href="links.xsl"/>
<xsl:output method="html" encoding="UTF-8" indent="no"/>

<xsl:template match="/">
	<xsl:for-each select="t:mail">
		<html lang="{@lang}">
			<head><meta charset="utf-8"/><title><xsl:call-template name="title"/></title></head>
			<body><xsl:call-template name="content"/><p>-- <xsl:value-of select="@product"/></p></body>
		</html>
	</xsl:for-each>
</xsl:template>

<!-- What a mail's sheet overrides. -->
<xsl:template name="title"/>
<xsl:template name="content"/>

<!-- The link, and under it as text for those whose program shows none. -->
<xsl:template name="button">
	<xsl:param name="text"/>
	<p><a><xsl:call-template name="href"><xsl:with-param name="to" select="@link"/></xsl:call-template><strong><xsl:value-of select="$text"/></strong></a></p>
	<p><xsl:value-of select="@link"/></p>
</xsl:template>
</xsl:stylesheet>
