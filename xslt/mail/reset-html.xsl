<?xml version="1.0" encoding="UTF-8"?>
<!-- The HTML of a mail about a forgotten password. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:t="urn:tenantry:1" exclude-result-prefixes="t">
<xsl:import href="../lib/mail.xsl"/>

<xsl:template name="title">Your new password</xsl:template>
<xsl:template name="content">
	<p>Hello <xsl:value-of select="@name"/>,</p>
	<p>Somebody, you we hope, asked for a new password of <xsl:value-of select="@email"/> at <strong><xsl:value-of select="@tenant"/></strong>.</p>
	<xsl:call-template name="button"><xsl:with-param name="text">Choose a new password</xsl:with-param></xsl:call-template>
	<p>It works once, until <xsl:value-of select="concat(substring(@expires, 1, 10), ' ', substring(@expires, 12, 5), ' UTC')"/>.</p>
	<p>If it was not you, do nothing: your password stays as it is.</p>
</xsl:template>
</xsl:stylesheet>
