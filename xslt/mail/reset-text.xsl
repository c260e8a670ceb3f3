<?xml version="1.0" encoding="UTF-8"?>
<!-- The text of a mail about a forgotten password. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">
<xsl:output method="text" encoding="UTF-8"/>

<xsl:template match="/">
	<xsl:for-each select="t:mail">
		<xsl:text>Hello </xsl:text>
		<xsl:value-of select="@name"/>
		<xsl:text>,&#10;&#10;Somebody, you we hope, asked for a new password of </xsl:text>
		<xsl:value-of select="@email"/>
		<xsl:text> at </xsl:text>
		<xsl:value-of select="@tenant"/>
		<xsl:text>. Open this link and choose one:&#10;&#10;</xsl:text>
		<xsl:value-of select="@link"/>
		<xsl:text>&#10;&#10;It works once, until </xsl:text>
		<xsl:value-of select="concat(substring(@expires, 1, 10), ' ', substring(@expires, 12, 5), ' UTC')"/>
		<xsl:text>.&#10;&#10;If it was not you, do nothing: your password stays as it is.&#10;</xsl:text>
		<xsl:value-of select="concat('&#10;-- &#10;', @product, '&#10;')"/>
	</xsl:for-each>
</xsl:template>
</xsl:stylesheet>
